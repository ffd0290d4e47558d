import { resolve } from "node:path";
import { parseIssueReference } from "../github/reference.ts";
import { visible } from "../text/escape.ts";
import type { Request } from "./requestGrammar.ts";
import { headlessRun, howToFollow, needsResume, typedHere, watchElsewhere } from "./requestHeadless.ts";
import type { RequestOptions } from "./requestOptions.ts";
import { planOf, preview, startWith, type Asked } from "./requestPreview.ts";
import { approvalOf } from "./approval.ts";
import { existing, inForce, noSuchFile, sourcesNamed } from "./requestSources.ts";
import { headings, partNamed } from "./requestStream.ts";
import { asData, notUnderstood, shortList, usage } from "./requestText.ts";
import { exists } from "./sources.ts";
import { openRunIn } from "./starting.ts";
import { findCommand } from "./table.ts";
import { whoGoesOn } from "./whoGoesOn.ts";

/** Answers a request that begins with a verb. */
export async function answerVerb(request: Extract<Request, { kind: "verb" }>, asked: Asked): Promise<string> {
  const { verb: name, words, rest, options } = request;
  switch (name) {
    case "plan":
    case "dry-run":
    case "start":
    case "run": {
      const dry = name === "plan" || name === "dry-run";
      // A number alone may be a part of the list in force, such as a phase.
      const number = /^\d+$/.test(rest) && existing(request, asked) === null;
      const shown = number ? await part(request, dry, asked) : null;
      const named = shown === null ? await sourcesNamed(request, asked) : null;
      if (shown !== null) return shown;
      if (typeof named === "string") return named;
      if (named === null) return (await part(request, dry, asked)) ?? noPart(request, asked);
      return dry || options["dry-run"] === true
        ? preview(named.sources, { ...options, "dry-run": true }, named.asked)
        : start(named.sources, options, named.asked);
    }
    case "watch":
      return watchElsewhere(asked.project, asked.world);
    case "answer":
      return goOn("answer", [...words, ...(rest === "" ? [] : [rest])], options, asked);
    case "retry": {
      const named = words.filter((word) => !exists(resolve(asked.world.cwd, word)));
      // `1234 --retry` names the run's own issue: everything in it that failed.
      const ids = named.filter((word) => !isRunsIssue(word, asked)).map((word) => withoutSign(word, asked));
      const issue = ids.find((word) => /^#?\d+$/.test(word) && !isTask(word, asked));
      return issue === undefined
        ? goOn("retry", ids, options, asked)
        : notUnderstood(
            `${issue} with \`retry\`: the newest run has no such task, and is not of that issue`,
            "`--retry` alone tries again what failed in the newest run",
          );
    }
    case "resume": {
      const { headless, ...given } = options;
      return call(name, words, headless === true ? { ...given, engine: "headless" } : given, asked);
    }
    case "doctor":
    case "inbox":
    case "metrics":
    case "status":
    case "explain":
    case "logs":
      return `${asData(await call(name, words, options, asked))}Show the person this; nothing else is to be done.\n`;
    case "merge":
    case "clean":
    case "pause":
    case "stop":
    case "todo":
    case "next":
      return call(name, words, options, asked);
    case "help":
      return `Tell the person how it is used:\n\n${usage(asked.project)}`;
    default: {
      const never: never = name;
      throw new Error(`unknown verb ${String(never)}`);
    }
  }
}

/** `start Stream-B`: a part of the list in force by its name. What it waits for comes along, and then the person is asked first. */
async function part(
  { rest, options }: Extract<Request, { kind: "verb" }>,
  dry: boolean,
  asked: Asked,
): Promise<string | null> {
  const list = await inForce(options, asked);
  if (typeof list === "string") return null;
  const planned = planOf(list.sources, options, list.asked);
  const named = "code" in planned ? null : partNamed(rest, planned.request, planned.world);
  if (named === null) return null;
  const chosen = { ...options, tasks: named.tasks, ...(dry ? { "dry-run": true as const } : {}) };
  const show = (): string => preview(list.sources, chosen, list.asked);
  if (dry || named.missing.length === 0)
    return dry || options["dry-run"] === true ? show() : start(list.sources, chosen, list.asked);
  return `${visible(rest)} waits for ${shortList(named.missing)}, not done yet: they are in this plan too.\n${show()}`;
}

/** Words that are no file, no issue and no part of the list in force. */
async function noPart({ rest, options }: Extract<Request, { kind: "verb" }>, asked: Asked): Promise<string> {
  const list = await inForce(options, asked);
  const planned = typeof list === "string" ? null : planOf(list.sources, options, list.asked);
  const parts = planned !== null && "outcome" in planned && planned.outcome.ok ? headings(planned.outcome.value) : [];
  return noSuchFile(rest, asked, parts);
}

function isRunsIssue(word: string, { project }: Asked): boolean {
  const number = parseIssueReference(word)?.number;
  return headlessRun(project)?.plan.source.some((source) => source.endsWith(`#${number ?? ""}`)) === true;
}

/** `#1235` as the task `1235`. */
function withoutSign(word: string, asked: Asked): string {
  return word.startsWith("#") && isTask(word.slice(1), asked) ? word.slice(1) : word;
}

function isTask(word: string, { project }: Asked): boolean {
  return headlessRun(project)?.state.tasks.has(word) === true;
}

/** Writes an answer or a retry down; a headless run that nobody supervises then goes on in the background. */
async function goOn(
  name: "answer" | "retry",
  positionals: readonly string[],
  options: RequestOptions,
  asked: Asked,
): Promise<string> {
  const { timeout, "max-workers": workers, ...rest } = options;
  const limits = {
    ...(timeout === undefined ? {} : { timeout }),
    ...(workers === undefined ? {} : { "max-workers": workers }),
  };
  const known = new Set(findCommand("resume")?.options.map((option) => option.name));
  const foreign = Object.keys(limits).find((option) => !known.has(option));
  if (foreign !== undefined)
    return notUnderstood(
      `\`--${foreign}\` with \`${name}\``,
      `leave it out; what a run that exists may take stands in .orchestrate.yml, which is read again when it goes on`,
    );
  const before = headlessRun(asked.project);
  const said = await ask(name, positionals, rest, asked);
  const after = headlessRun(asked.project);
  if (after === null || after.events.length === before?.events.length || !needsResume(after, name))
    return inWordsHere(said, asked);
  // It goes on by itself: nobody is to be told to resume it.
  const noted = said.replace(` ${whoGoesOn(after)}`, "");
  const resumed = await ask("resume", [], { ...limits, engine: "headless", detach: true }, asked);
  return `${inWordsHere(noted + resumed, asked)}${howToFollow(asked.project, asked.world)}`;
}

/** Runs a verb of the table with the options it knows. Sources are as seen from the present folder. */
async function call(...given: Parameters<typeof ask>): Promise<string> {
  return inWordsHere(await ask(...given), given[3]);
}

function inWordsHere(said: string, { project, world }: Asked): string {
  return headlessRun(project) === null ? said : typedHere(said, world);
}

/** The same, as it is said in a terminal. */
async function ask(
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
 * Starts a run at once, for the person said so; but in a session checks of the whole tree come first, and may take longer than
 * the client gives a command's own text: then the model starts it.
 */
export async function start(sources: readonly string[], options: RequestOptions, asked: Asked): Promise<string> {
  const planned = planOf(sources, options, asked);
  const plan = "outcome" in planned && planned.outcome.ok ? planned.outcome.value : null;
  // Where a run is open, `start` and `run` say so at once.
  const isOpen = openRunIn(asked.project) !== null;
  if (!isOpen && plan !== null && approvalOf(plan, asked.project, asked.world).asked.length > 0)
    return `Not started yet: the plan holds commands that the person has not allowed.\n${preview(sources, options, asked)}`;
  if (asked.headless) {
    const { engine: _, headless: __, ...rest } = options;
    const said = await call("run", sources, { ...rest, detach: true, project: asked.project }, asked);
    return said.startsWith("Run ") ? `${said}${howToFollow(asked.project, asked.world)}` : said;
  }
  if (isOpen || plan === null || !("seen" in planned) || plan.config.verify.length === 0)
    return call("start", sources, options, asked);
  return `The person said go. ${startWith(plan, planned.seen, options, asked)}`;
}
