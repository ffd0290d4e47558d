import { isSupervised } from "../engines/headless/effects/orphans.ts";
import { shellWord } from "../text/escape.ts";
import { readCurrent } from "../run/current.ts";
import { openRun, type Run } from "../run/store.ts";
import type { World } from "./command.ts";
import { insideWorker } from "./insideWorker.ts";
import { requestVerbs, type Request, type RequestVerb } from "./requestGrammar.ts";

/** Verbs that a worker of a run may ask for: they look, and change nothing. */
const looking: ReadonlySet<RequestVerb> = new Set<RequestVerb>([
  "plan",
  "dry-run",
  "explain",
  "status",
  "logs",
  "inbox",
  "metrics",
  "doctor",
  "help",
]);

/** The refusal for a worker that types one of our commands: agents that start agents end nowhere. Null when it may go on. */
export function refusedInWorker(request: Request, world: World): string | null {
  if (insideWorker(world) === null || (request.kind === "verb" && looking.has(request.verb))) return null;
  return "Nothing was done: a worker of a run cannot start or resume a run, nor steer one. Do the one task of your brief, and report what else is to be done.\n";
}

/** The newest run of a project when it is headless and can be read; else null. */
export function headlessRun(project: string): Run | null {
  const current = readCurrent(project);
  const opened = current?.engine === "headless" ? openRun(project, current.run) : null;
  return opened?.ok === true ? opened.value : null;
}

/**
 * Whether a headless run goes on only when somebody resumes it, after `verb` was written into its journal. An answer does
 * not end a stop or a pause; a person who retries wants the run to go on.
 */
export function needsResume({ state, ...run }: Run, verb: "retry" | "answer"): boolean {
  if (verb === "answer" && (state.stopped !== null || state.paused)) return false;
  return state.paused || state.stopped !== null || !isSupervised({ ...run, state });
}

/** What a model tells a person whose run goes on without the session. */
export function howToFollow(project: string, { cli }: World): string {
  return [
    "Once it runs, tell the person: it runs outside of this session and goes on without it; when it ends, stops or needs them, a line says so here with the next words in this session.",
    "`/orchestrate status` says how it stands, `/orchestrate inbox` what waits for them, `/orchestrate logs T012` what one worker did, `/orchestrate stop` ends it.",
    `To watch it live, in a terminal: ${watchLine(project, cli)}`,
    "Launch nothing for it yourself and do none of its tasks: end your turn.",
    "",
  ].join("\n");
}

/** `watch` draws for as long as the run lasts: nobody would see that in a session. */
export function watchElsewhere(project: string, { cli }: World): string {
  return `Nothing was done: a session cannot show a live picture. Tell the person to run this in a terminal:\n${watchLine(project, cli)}\nHere, \`/orchestrate status\` shows how the run stands.\n`;
}

/** What is said of a headless run is meant for a terminal: here people type its words, if there are any, after the slash command. */
export function typedHere(said: string, { cli }: World): string {
  const words = requestVerbs.filter((verb) => verb !== "watch" && new RegExp(`\`${verb}[\` ]`).test(said));
  const [word] = words.includes("resume") ? ["resume"] : words;
  const line = word === undefined ? "" : `Words such as \`${word}\` are typed here as \`/orchestrate ${word}\`.\n`;
  return `${said.replaceAll(`node ${shellWord(cli)} `, "/orchestrate ").trimEnd()}\n${line}`;
}

function watchLine(project: string, cli: string): string {
  return `node ${shellWord(cli)} watch --project ${shellWord(project)}`;
}
