import { relative, resolve } from "node:path";
import { nearest } from "../text/nearest.ts";
import { readCurrent } from "../run/current.ts";
import { openRun } from "../run/store.ts";
import { isIssue, withIssue } from "./issues.ts";
import { planRequest } from "./load.ts";
import { requestVerbs } from "./requestGrammar.ts";
import type { RequestOptions } from "./requestOptions.ts";
import type { Asked } from "./requestPreview.ts";
import { notUnderstood, shortList } from "./requestText.ts";
import { exists, findLists } from "./sources.ts";

/** Sources that a request names, and the request with the issue in it when they are one. */
export interface Named {
  readonly sources: readonly string[];
  readonly asked: Asked;
}

/** What a request names: the list in force when it names none, files, or an issue. Null when it is none of these, text when it is not clear. */
export async function sourcesNamed(
  request: { readonly words: readonly string[]; readonly rest: string; readonly options: RequestOptions },
  asked: Asked,
): Promise<Named | string | null> {
  if (request.rest === "") return inForce(request.options, asked);
  const sources = existing(request, asked);
  return sources === null ? issueNamed(request.rest, request.options, asked) : { sources, asked };
}

/** The list in force, ready to be planned. */
export async function inForce(options: RequestOptions, asked: Asked): Promise<Named | string> {
  const sources = listInForce(asked);
  if (typeof sources === "string") return sources;
  return (await issueNamed(sources.join(" "), options, asked)) ?? { sources, asked };
}

/** The list that words like `tasks 3-8` speak of: the run's, else the only one of the project. Text when that is not clear. */
function listInForce({ project, world }: Asked): readonly string[] | string {
  const current = readCurrent(project);
  const opened = current === null ? null : openRun(project, current.run);
  const fromHere = (file: string) =>
    isIssue(file, { ...world, cwd: project }) ? file : relative(world.cwd, resolve(project, file));
  if (opened?.ok === true) return opened.value.plan.source.map(fromHere);
  const lists = findLists(project);
  const [only] = lists;
  if (only !== undefined && lists.length === 1) return [fromHere(only)];
  if (only === undefined)
    return notUnderstood(
      "which list is meant: this project has no file that is named like a task list",
      "name the file",
    );
  return notUnderstood("which list is meant: there are several", `name one of ${shortList(lists)}`);
}

/** The words as sources when they are there: the whole text as one path, else each word. */
export function existing(
  { words, rest }: { words: readonly string[]; rest: string },
  { world }: Asked,
): string[] | null {
  const there = (path: string) => exists(resolve(world.cwd, path));
  const plain = (word: string) => (word.startsWith("@") && !there(word) ? word.slice(1) : word);
  const [only = ""] = words;
  for (const whole of [rest, words.length === 1 ? only : rest].map(plain))
    if (whole !== "" && there(whole)) return [whole];
  const paths = words.map(plain);
  return paths.length > 0 && paths.every(there) ? paths : null;
}

/** The issue that words name, read and ready to be planned; null when they name none, text when something cannot be meant. */
export async function issueNamed(rest: string, options: RequestOptions, asked: Asked): Promise<Named | string | null> {
  if (!isIssue(rest, asked.world)) return null;
  const input = { positionals: [], options: { ...options, project: asked.project }, world: asked.world };
  const made = planRequest([rest], input);
  const read = "code" in made ? made : await withIssue(made, asked.world);
  if ("code" in read) return notUnderstood(read.err.replace(/^error: /, "").trim(), "change that");
  return { sources: read.sources, asked: { ...asked, issue: read.issue } };
}

export function looksLikePath(words: readonly string[]): boolean {
  return words.length === 1 || words.some((word) => /[/\\]|\.(?:md|markdown|json|ya?ml)$/i.test(word));
}

/** Words that name nothing. `parts` are what the list in force has under names of their own, where such a name may be meant. */
export function noSuchFile(rest: string, { project }: Asked, parts?: readonly string[]): string {
  const lists = findLists(project);
  const near = parts === undefined ? nearest(rest, requestVerbs) : null;
  const instead = [
    ...(near === null ? [] : [`did you mean \`${near}\`?`]),
    ...(parts === undefined || parts.length === 0 ? [] : [`name a part of the list: ${shortList(parts)}`]),
    lists.length === 0
      ? "name a file that exists, or paste the list behind the command"
      : `name one of ${shortList(lists)}`,
  ].join(parts === undefined ? " Or " : "; or ");
  return notUnderstood(`\`${rest}\`: there is no such file or folder, and it is no list`, instead);
}
