/** Where an issue's text stands: `#12` in it means an issue of this repository, and only links to this host count. */
export interface IssueHome {
  readonly host: string;
  /** `owner/repo`; null where it is unknown. */
  readonly repository: string | null;
}

/** One spelling of an issue: its number, its repository if that is another one, and where the words end. */
export interface IssueMention {
  readonly number: string;
  readonly repository: string | null;
  readonly end: number;
}

/** Where a text of unknown origin stands. */
export const anywhere: IssueHome = { host: "github.com", repository: null };

const repositoryName = "[A-Za-z0-9][A-Za-z0-9-]{0,38}\\/[\\w.-]{1,100}";
const patterns = new Map<string, RegExp>();

function patternFor(host: string): RegExp {
  let pattern = patterns.get(host);
  if (pattern === undefined) {
    const name = host.replaceAll(/[^A-Za-z0-9-]/g, "\\$&");
    pattern = new RegExp(
      `https:\\/\\/${name}\\/(${repositoryName})\\/(?:issues|pull)\\/(\\d{1,9})\\b(?:[?#][\\w=&-]{0,80})?|(?<![\\w/.-])(${repositoryName})?(?:#|\\bGH-)(\\d{1,9})\\b`,
      "iy",
    );
    patterns.set(host, pattern);
  }
  return pattern;
}

/** The issue spelled at exactly this place: `#12`, `GH-12`, `owner/repo#12` or a link. */
export function issueAt(text: string, at: number, home: IssueHome): IssueMention | null {
  const pattern = patternFor(home.host);
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  const number = found?.[2] ?? found?.[4];
  if (!found || number === undefined) return null;
  const named = found[1] ?? found[3] ?? null;
  const own = named !== null && named.toLowerCase() === home.repository?.toLowerCase();
  return { number: String(Number(number)), repository: own ? null : named, end: at + found[0].length };
}

/** The issues that follow each other from `from` on, with commas or "and" between them. */
export function issuesFrom(text: string, from: number, home: IssueHome): IssueMention[] {
  const found: IssueMention[] = [];
  for (let at = from; ;) {
    const gap = /^(?:\s|,|:|&|\*|\[|\(|and\b|issues?\b)*/i.exec(text.slice(at, at + 40))?.[0].length ?? 0;
    const mention = issueAt(text, at + gap, home);
    if (!mention) return found;
    found.push(mention);
    at = mention.end;
  }
}

const longestId = 64;

/** The task id of an issue: its number, with the repository before it when that is another one. */
export function idOfIssue({ number, repository }: Pick<IssueMention, "number" | "repository">): string {
  if (repository === null) return number;
  const id = `${repository.replace("/", ".")}-${number}`;
  if (id.length <= longestId && !id.includes("..")) return id;
  // Ids name files and branches. Long names are cut, and a digest keeps them apart.
  let digest = 0;
  for (const character of repository.toLowerCase()) digest = (digest * 31 + character.charCodeAt(0)) % 0x1_0000_0000;
  const short = repository.replaceAll(/[^A-Za-z0-9]/g, "-").slice(0, 30);
  return `${short}-${digest.toString(16)}-${number}`;
}
