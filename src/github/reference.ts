/** An issue that a person named. What they left out is null. */
export interface IssueReference {
  readonly host: string | null;
  /** `owner/repo`. */
  readonly repository: string | null;
  readonly number: number;
}

const owner = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})";
const repository = `${owner}\\/(?!\\.\\.?(?:[#/]|$))[A-Za-z0-9._-]{1,100}`;
const host = "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,24}(?::\\d{1,5})?";
const number = "[1-9]\\d{0,8}";
const short = new RegExp(`^(?:(?:(${host})\\/)?(${repository}))?#?(${number})$`);
const link = new RegExp(`^https:\\/\\/(${host})\\/(${repository})\\/issues\\/(${number})\\/?(?:[?#][^\\s]*)?$`, "i");

/** `1234`, `#1234`, `owner/repo#1234`, `host/owner/repo#1234` or the link of an issue; null when it is none of these. */
export function parseIssueReference(text: string): IssueReference | null {
  const found = link.exec(text) ?? (/^(?:#?\d+|[^#]+#\d+)$/.test(text) ? short.exec(text) : null);
  if (found === null) return null;
  const [, named, repo, digits] = found;
  return { host: named?.toLowerCase() ?? null, repository: repo ?? null, number: Number(digits) };
}

/** How an issue is called everywhere: `octo/shop#12`, and with its host where that is not GitHub's own. */
export function labelOf(at: { readonly host: string; readonly repository: string; readonly number: number }): string {
  return `${at.host === "github.com" ? "" : `${at.host}/`}${at.repository}#${at.number}`;
}

const repositoryOnly = new RegExp(`^${repository}$`);

/** Whether a text is `owner/repo` and may stand in a request's path. */
export function isRepository(text: string): boolean {
  return repositoryOnly.test(text);
}
