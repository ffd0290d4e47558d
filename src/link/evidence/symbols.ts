import type { Place, TextLine } from "../../model/place.ts";
import type { ListedTask } from "../../model/task.ts";
import { commonplace, type Finding } from "./finding.ts";

/** What a task does with a name: a line of its own (`Produces:`, `Consumes:`) says so, or a verb before it does. */
interface Use {
  readonly task: number;
  readonly role: "makes" | "uses" | "mentions";
  readonly labelled: boolean;
  readonly place: Place;
}

/**
 * "Who makes a symbol comes before who uses it": names in backticks that one task alone makes and few others speak of.
 * Linear in the text.
 */
export function symbolsMadeFirst(tasks: readonly ListedTask[]): Finding[] {
  const uses = new Map<string, Map<number, Use>>();
  for (const [task, { lines }] of tasks.entries()) {
    for (const line of lines) {
      for (const [name, use] of symbolsIn(line, task)) {
        const known = uses.get(name) ?? new Map<number, Use>();
        uses.set(name, known);
        const other = known.get(task);
        if (other === undefined || rank(use) > rank(other)) known.set(task, use);
      }
    }
  }
  return [...uses].flatMap(([name, byTask]) => {
    if (byTask.size < 2 || byTask.size > commonplace) return [];
    const all = [...byTask.values()];
    const labelled = all.filter((use) => use.role === "makes" && use.labelled);
    const makers = labelled.length > 0 ? labelled : all.filter((use) => use.role === "makes");
    const [maker] = makers;
    if (maker === undefined || makers.length > 1) return [];
    return all.flatMap((use) => (use === maker || use.role === "makes" ? [] : finding(tasks, name, maker, use)));
  });
}

/** A name that is made beats one that is used, and that one a mention; a label beats a verb. */
function rank(use: Use): number {
  return (use.role === "makes" ? 4 : use.role === "uses" ? 2 : 0) + (use.labelled ? 1 : 0);
}

function finding(tasks: readonly ListedTask[], name: string, maker: Use, user: Use): Finding[] {
  const [before, after] = [tasks[maker.task], tasks[user.task]];
  if (before === undefined || after === undefined) return [];
  const confidence =
    maker.labelled && user.labelled
      ? 0.9
      : user.task < maker.task
        ? 0.4
        : maker.labelled || user.role === "uses"
          ? 0.8
          : 0.72;
  return [
    {
      before: maker.task,
      after: user.task,
      kind: "symbol",
      evidence: `\`${before.id}\` makes \`${name}\`, \`${after.id}\` ${user.role === "uses" ? "uses" : "speaks of"} it`,
      source: user.place,
      confidence,
    },
  ];
}

const madeByVerb = new Set(
  "create creates creating implement implements define defines introduce introduces write build declare add adds expose exposes export exports".split(
    " ",
  ),
);
const usedByVerb = new Set(
  "use uses using call calls calling consume consumes import imports invoke invokes inject via through require requires extend extends".split(
    " ",
  ),
);
const otherVerbs = new Set(
  "update updates modify change rename remove delete refactor fix move replace test tests verify ensure run document in to into on from inside of for with by per".split(
    " ",
  ),
);

function symbolsIn(line: TextLine, task: number): [string, Use][] {
  const { text } = line;
  if (!text.includes("`")) return [];
  const label = /^[\s*_>-]*(produces|provides|exports|consumes|uses|requires)\**\s*:/i
    .exec(text.slice(0, 60))?.[1]
    ?.toLowerCase();
  const found: [string, Use][] = [];
  for (let open = text.indexOf("`"), from = 0; open !== -1; open = text.indexOf("`", from)) {
    const close = text.indexOf("`", open + 1);
    if (close === -1) break;
    const name = symbolOf(text.slice(open + 1, close));
    if (name !== null) {
      const role = label === undefined ? roleOf(text.slice(Math.max(from, open - 60), open)) : labelRole(label);
      found.push([
        name,
        { task, role, labelled: label !== undefined, place: { ...line.place, column: line.place.column + open } },
      ]);
    }
    from = close + 1;
  }
  return found;
}

function labelRole(label: string): Use["role"] {
  return label === "produces" || label === "provides" || label === "exports" ? "makes" : "uses";
}

/** The last verb or preposition among the few words before a name. */
function roleOf(before: string): Use["role"] {
  const words = before.toLowerCase().split(/[^a-z]+/);
  for (const word of words.slice(-6).toReversed()) {
    if (usedByVerb.has(word)) return "uses";
    if (otherVerbs.has(word)) return "mentions";
    if (madeByVerb.has(word)) return "makes";
  }
  return "mentions";
}

/** The name in a code span that is a symbol of a program: `RateLimiter`, `make_key(a, b)`, `MAX_AGE`. */
function symbolOf(code: string): string | null {
  const name = /^[A-Za-z_$][\w$]{2,60}/.exec(code)?.[0];
  if (name === undefined) return null;
  const rest = code.slice(name.length);
  if (rest.startsWith("(")) return name;
  if (rest !== "" && !rest.startsWith("<") && !rest.startsWith(":")) return null;
  return /[a-z0-9][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]/.test(name) ? name : null;
}
