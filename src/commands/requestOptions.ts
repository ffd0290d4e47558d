import { nearest } from "../text/nearest.ts";

/** Options that may stand anywhere. Values are text, as typed. */
export interface RequestOptions {
  readonly [name: string]: string | true;
}

/** Options of a request: true for those with a value. */
const OPTIONS: Readonly<Record<string, boolean>> = {
  "dry-run": false,
  parallel: false,
  why: false,
  json: false,
  mermaid: false,
  "max-workers": true,
  tasks: true,
  only: true,
  format: true,
  answers: true,
  trust: true,
  engine: true,
  headless: false,
  timeout: true,
  into: true,
  as: true,
  all: false,
  "allow-commands": true,
};
/** Verbs that some people write as options. */
const verbsAsOptions: readonly string[] = ["retry", "status", "stop", "resume"];
/** Every option that may be typed. */
export const requestOptions: readonly string[] = [...Object.keys(OPTIONS), ...verbsAsOptions];

/** `tasks.md --retry` as `retry tasks.md`: the verb first, wherever it stood. Other text comes back as it is. */
export function verbFirst(text: string): string {
  const [, before = "", verb, after = ""] =
    new RegExp(`^((?:[^]*\\s)?)--(${verbsAsOptions.join("|")})((?:\\s[^]*)?)$`).exec(text) ?? [];
  return verb === undefined ? text : `${verb} ${before}${after}`.trim();
}

interface Taken {
  readonly options: Record<string, string | true>;
  readonly rest: string;
  /** What is wrong with an option, and what would be right. */
  readonly problem: { readonly what: string; readonly instead: string } | null;
}

/** Takes `--name`, `--name value` and `--name=value` out of a text, wherever they stand. */
export function takeOptions(text: string): Taken {
  const options: Record<string, string | true> = {};
  let rest = "";
  let at = 0;
  for (const match of text.matchAll(/(?<=^|\s)--([a-z][a-z-]*)(=\S*)?(?=\s|$)/gi)) {
    const name = (match[1] ?? "").toLowerCase();
    if (match.index < at) continue;
    rest += text.slice(at, match.index);
    at = match.index + match[0].length;
    const takesValue = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (takesValue === undefined) {
      const near = nearest(name, requestOptions);
      return {
        options,
        rest,
        problem: {
          what: `the option \`--${name}\``,
          instead:
            near === null
              ? `use ${requestOptions.map((each) => `--${each}`).join(", ")}`
              : `did you mean \`--${near}\`?`,
        },
      };
    }
    if (!takesValue) {
      options[name] = true;
      continue;
    }
    const value = match[2]?.slice(1) ?? /^\s+(\S+)/.exec(text.slice(at))?.[1];
    if (value === undefined || value === "" || value.startsWith("--")) {
      return {
        options,
        rest,
        problem: { what: `\`--${name}\` without a value`, instead: `write \`--${name} VALUE\`` },
      };
    }
    if (match[2] === undefined) at = text.indexOf(value, at) + value.length;
    options[name] = value;
  }
  return { options, rest: rest + text.slice(at), problem: null };
}

/** Options behind a list: only known ones at its very end, for `--dry-run` in the middle is a task's own text. */
export function takeLastOptions(text: string): { options: Record<string, string | true>; rest: string } {
  let options: Record<string, string | true> = {};
  let rest = text;
  for (;;) {
    const lastBlank = Math.max(rest.lastIndexOf(" "), rest.lastIndexOf("\n"));
    const before = Math.max(rest.lastIndexOf(" ", lastBlank - 1), rest.lastIndexOf("\n", lastBlank - 1));
    const end = [lastBlank, before].find((at) => at > 0 && rest.startsWith("--", at + 1));
    if (end === undefined) return { options, rest };
    const taken = takeOptions(rest.slice(end));
    if (taken.problem !== null || taken.rest.trim() !== "") return { options, rest };
    options = { ...taken.options, ...options };
    rest = rest.slice(0, end).trimEnd();
  }
}
