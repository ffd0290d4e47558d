import type { GitResult } from "./execute.ts";

/** Something was not done, and why: one or two sentences for a person, with git's own words in them. */
export interface Refused {
  readonly ok: false;
  readonly reason: string;
}

/** What went wrong, in git's own words: without its hints, on one line, at most 600 characters. */
export function words({ code, err, out }: GitResult): string {
  const lines = (err.trim() || out.trim()).split("\n").filter((line) => !line.startsWith("hint:"));
  const said = lines
    .map((line) => line.replace(/^(?:fatal|error|warning): /, "").trim())
    .filter((line) => line !== "")
    .join("; ");
  return said === "" ? `git ended with code ${code}` : said.length > 600 ? `${said.slice(0, 600)}…` : said;
}

/** A refusal: what could not be done, and what git said. */
export function refused(what: string, result: GitResult): Refused {
  return { ok: false, reason: `${what}: ${words(result)}` };
}
