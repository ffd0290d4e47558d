import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Plan } from "../model/plan.ts";
import { writeAtomic } from "../process/writeAtomic.ts";
import { showDiagnostics } from "../report/diagnostics.ts";
import { shellWord, visible } from "../report/escape.ts";
import { mermaid } from "../report/mermaid.ts";
import { showPreview } from "../report/preview.ts";
import { readCurrent, stateFolder } from "../session/current.ts";
import { makeStateFolder, openRun } from "../session/store.ts";
import type { Answer, Invocation, World } from "./command.ts";
import { loadPlan, planRequest, projectOf, styleOf, text } from "./load.ts";
import { parseRequest, type Request } from "./requestGrammar.ts";
import type { RequestOptions } from "./requestOptions.ts";
import { fenced, forms, notUnderstood, shortList } from "./requestText.ts";
import { exists, findLists } from "./sources.ts";
import { findCommand } from "./table.ts";

/** What is around a request: who asks, in which project. */
interface Asked {
  readonly world: World;
  readonly project: string;
  /** Options of `request` itself that the verbs know too. */
  readonly given: Readonly<Record<string, string | true>>;
}

/**
 * The one entry of the slash commands: says what was asked for, or what was not understood and what would work. The
 * client shows a person nothing but an error when a command fails, so the exit code is always 0. A model reads this.
 */
export async function run({ positionals, options, world }: Invocation): Promise<Answer> {
  const typed = typedText(options) ?? (positionals.includes("-") ? world.stdin() : "");
  const project = projectOf(text(options["project"]), world);
  const said = await respond(parseRequest(typed), { world, project, given: options });
  const note =
    options["headless"] === true
      ? "Note for the person: agents run in this session for now; runs outside of it do not exist yet.\n\n"
      : "";
  return { out: note + said, err: "", code: 0 };
}

/** What the person typed, kept by a hook under the session's id byte for byte; null when there is no such file. */
function typedText(options: Invocation["options"]): string | null {
  const [folder, session] = [text(options["typed"]), text(options["session"])];
  if (folder === undefined || session === undefined || !/^[\w-]+$/.test(session)) return null;
  const path = join(folder, `${session}.typed`);
  try {
    const typed = readFileSync(path, "utf8");
    rmSync(path, { force: true });
    return typed;
  } catch {
    return null;
  }
}

async function respond(request: Request, asked: Asked): Promise<string> {
  switch (request.kind) {
    case "misunderstood":
      return notUnderstood(request.what, request.instead);
    case "nothing":
      return usage(asked);
    case "issue":
      return notUnderstood(
        `${request.issue} alone, which may be the number of a GitHub issue: issues are not read yet`,
        "save the issue's task list to a file and name it, paste the list behind the command, or write `tasks " +
          `${request.issue}\` for that task of the project's list`,
      );
    case "verb":
      return verb(request, asked);
    case "inline":
      return inline(request, asked);
    case "tasks":
    case "source": {
      const sources = request.rest === "" ? listInForce(asked) : existing(request, asked);
      if (typeof sources === "string") return sources;
      if (sources !== null) return preview(sources, request.options, asked);
      return request.kind === "source" && !looksLikePath(request.words)
        ? inline({ kind: "inline", text: request.rest, go: false, options: request.options }, asked)
        : noSuchFile(request.rest, asked);
    }
  }
}

async function verb(request: Extract<Request, { kind: "verb" }>, asked: Asked): Promise<string> {
  const { verb: name, words, rest, options } = request;
  if (name === "plan" || name === "dry-run" || name === "start") {
    const sources = rest === "" ? listInForce(asked) : existing(request, asked);
    if (typeof sources === "string") return sources;
    if (sources === null) return noSuchFile(rest, asked);
    if (name !== "start") return preview(sources, { ...options, "dry-run": true }, asked);
    return options["dry-run"] === true ? preview(sources, options, asked) : start(sources, options, asked);
  }
  const positionals = name === "answer" ? [...words, ...(rest === "" ? [] : [rest])] : words;
  return call(name, positionals, options, asked);
}

/** Runs a verb of the table with the options it knows. Sources are as seen from the present folder. */
async function call(
  name: string,
  positionals: readonly string[],
  options: RequestOptions,
  asked: Asked,
): Promise<string> {
  const command = findCommand(name);
  if (command === undefined)
    return notUnderstood(`\`${name}\`: there is no such command here`, "use one of the forms below");
  const known = new Set(command.options.map((option) => option.name));
  const foreign = Object.keys(options).find((option) => !known.has(option));
  if (foreign !== undefined) return notUnderstood(`\`--${foreign}\` with \`${name}\``, `leave it out`);
  const passed = Object.fromEntries(
    Object.entries({ ...asked.given, ...options }).filter(([option]) => known.has(option)),
  );
  const answer = await command.run({ positionals, options: passed, world: asked.world });
  const trouble = answer.code === 0 ? "" : "\nTell the person what it says; nothing else was done.\n";
  return answer.out + answer.err + trouble;
}

/**
 * Starts a run at once, for the person said so; but checks of the whole tree come first, and may take longer than the client
 * gives a command's own text: then the model starts it.
 */
function start(sources: readonly string[], options: RequestOptions, asked: Asked): string | Promise<string> {
  const planned = planOf(sources, options, asked);
  if (!("outcome" in planned) || !planned.outcome.ok || planned.outcome.value.config.verify.length === 0)
    return call("start", sources, options, asked);
  return `The person said go. ${startWith(planned.outcome.value, planned.seen, options, asked)}`;
}

/** The plan of a request, with sources as seen from the project, as `start` sees them: so the plan and its hash are the same. */
function planOf(sources: readonly string[], options: RequestOptions, asked: Asked) {
  const { project } = asked;
  const world = { ...asked.world, cwd: project };
  const seen = sources.map((source) =>
    source === "-" ? source : relative(project, resolve(asked.world.cwd, source)) || ".",
  );
  const request = planRequest(seen, { positionals: [], options: { ...options, project }, world });
  return "code" in request ? request : { ...loadPlan(request, world), seen, world };
}

function preview(sources: readonly string[], options: RequestOptions, asked: Asked): string {
  const planned = planOf(sources, options, asked);
  if ("code" in planned) return notUnderstood(planned.err.replace(/^error: /, "").trim(), "change that");
  const { outcome, texts, seen, world } = planned;
  if (!outcome.ok) {
    const shown = showDiagnostics(outcome.diagnostics, texts, styleOf(world));
    return `There is no plan yet, and nothing was launched or written.\n\n${fenced(shown)}\nTell the person what is wrong and how to mend it, as said above; offer to change the list, then ask for the plan again.\n`;
  }
  const plan = outcome.value;
  const style = styleOf(world);
  if (options["json"] === true) return `${JSON.stringify(plan, null, 1)}\n`;
  if (options["mermaid"] === true)
    return `${fenced(mermaid(plan))}\nShow the person this Mermaid text in a code block.\n`;
  const shown = fenced(showPreview(plan, style, options["why"] === true), plan.hash);
  return `This is the plan; nothing has been launched.\n\n${shown}\n${whatNext(plan, seen, options, asked)}`;
}

/** What the model must do with a preview. */
function whatNext(plan: Plan, sources: readonly string[], options: RequestOptions, asked: Asked): string {
  if (plan.batches.length === 0) return "Show the person this preview in a code block. Nothing is left to launch.\n";
  if (options["dry-run"] === true) {
    return "Show the person this preview in a code block. It was a dry run: launch nothing. The same request without `--dry-run` asks for a go.\n";
  }
  const unanswered = plan.questions.flatMap(({ id, answer }) => (answer === null ? id : []));
  return [
    ...(unanswered.length === 0
      ? []
      : [
          `Only somebody who knows the code can answer ${unanswered.join(", ")}. Take a short look and answer them: yes only when you are sure. Tell the person your answers, and add \`--answers ${unanswered.map((id) => `${id}=no`).join(",")}\`, with your own, to the command below.`,
        ]),
    "Show the person this preview in a code block and ask whether to go. Launch nothing before they say so.",
    `When they say go: ${startWith(plan, sources, options, asked)}`,
    "For another choice (`--tasks 1,2,5-8`, `--max-workers N`, `--parallel`), they type `/orchestrate` again with it.",
    "",
  ].join("\n");
}

/** The one command that starts exactly this plan. */
function startWith(plan: Plan, sources: readonly string[], options: RequestOptions, asked: Asked): string {
  const flags = ["tasks", "only", "max-workers", "format", "parallel", "engine", "answers"].flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : value === true ? [`--${name}`] : [`--${name}`, value];
  });
  const who = ["session", "project"].flatMap((name) => {
    const value = text(asked.given[name]);
    return value === undefined ? [] : [`--${name}`, value];
  });
  const hash = plan.hash.slice("sha256:".length, "sha256:".length + 12);
  // The folder that a shell stands in may change during a session.
  const paths = sources.map((source) => (asked.world.cwd === asked.project ? source : join(asked.project, source)));
  const line = ["start", ...paths, ...flags, "--expect", hash, ...who]
    .map((word) => (word.startsWith("--") ? word : shellWord(word)))
    .join(" ");
  const slow = plan.config.verify.length === 0 ? "" : " and with a timeout of 600000, because its checks run first";
  return `run exactly this with Bash, nothing before or after it${slow}, and do what it prints:\nnode "${asked.world.cli}" ${line}\n`;
}

/** A list typed by hand. It has no file, so one is made of it under our own folder, unless nothing may be written. */
function inline(request: Extract<Request, { kind: "inline" }>, asked: Asked): string | Promise<string> {
  const { options, go } = request;
  const fromMemory: Asked = { ...asked, world: { ...asked.world, stdin: () => request.text } };
  const checked = planRequest(["-"], {
    positionals: [],
    options: { ...options, project: asked.project },
    world: fromMemory.world,
  });
  const runnable = !("code" in checked) && loadPlan(checked, fromMemory.world).outcome.ok;
  if (!runnable || options["dry-run"] === true || options["json"] === true || options["mermaid"] === true)
    return preview(["-"], options, fromMemory);
  const name = `${createHash("sha256").update(request.text).digest("hex").slice(0, 8)}.md`;
  mkdirSync(join(makeStateFolder(asked.project), "lists"), { recursive: true });
  const path = join(asked.project, stateFolder, "lists", name);
  writeAtomic(path, `${request.text}\n`);
  const source = relative(asked.world.cwd, path) || path;
  if (go) return start([source], options, asked);
  return `The list was saved as \`${source}\`.\n${preview([source], options, asked)}`;
}

/** The list that words like `tasks 3-8` speak of: the run's, else the only one of the project. Text when that is not clear. */
function listInForce({ project, world }: Asked): readonly string[] | string {
  const current = readCurrent(project);
  const opened = current === null ? null : openRun(project, current.run);
  const fromHere = (file: string) => relative(world.cwd, resolve(project, file));
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
function existing({ words, rest }: { words: readonly string[]; rest: string }, { world }: Asked): string[] | null {
  const there = (path: string) => exists(resolve(world.cwd, path));
  const plain = (word: string) => (word.startsWith("@") && !there(word) ? word.slice(1) : word);
  const [only = ""] = words;
  for (const whole of [rest, words.length === 1 ? only : rest].map(plain))
    if (whole !== "" && there(whole)) return [whole];
  const paths = words.map(plain);
  return paths.length > 0 && paths.every(there) ? paths : null;
}

function looksLikePath(words: readonly string[]): boolean {
  return words.length === 1 || words.some((word) => /[/\\]|\.(?:md|markdown|json|ya?ml)$/i.test(word));
}

function noSuchFile(rest: string, { project }: Asked): string {
  const lists = findLists(project);
  const instead =
    lists.length === 0
      ? "name a file that exists, or paste the list behind the command"
      : `name one of ${shortList(lists)}`;
  return notUnderstood(`\`${rest}\`: there is no such file or folder, and it is no list`, instead);
}

function usage({ project }: Asked): string {
  const lists = findLists(project).slice(0, 10);
  const current = readCurrent(project);
  const open = current?.open === true ? [`A run (${current.run}) is open: \`/orchestrate status\`.`] : [];
  const found =
    lists.length === 0
      ? ["No task list was found in this project."]
      : ["Task lists in this project:", ...lists.map((list) => `  ${visible(list)}`)];
  return [
    "Nothing was asked for. Tell the person how it is used:",
    "",
    ...forms.map((line) => `  ${line}`),
    "",
    ...found,
    ...open,
    "",
  ].join("\n");
}
