import { join } from "node:path";
import type { Event } from "../model/event.ts";
import { visible } from "../text/escape.ts";
import { logLine } from "../show/event.ts";
import { isOrphan } from "../show/sight.ts";
import type { Run } from "../run/store.ts";
import type { Answer, Invocation, Screen, World } from "./command.ts";
import { everyChange, followRun, leaving, whileReadable } from "./followRun.ts";
import { look } from "./look.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";
import { followText, tailOf } from "./tail.ts";
import { wrongUse } from "./wrongUse.ts";

/** Lines of a worker's output that are shown of what it printed before. */
const mostLines = 40;
/** Characters of one of its lines. */
const longestLine = 1_000;

/** What happened to a task, or to the whole run, event by event; of a task of a headless run also what its worker printed. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  const task = input.positionals[0];
  if (task !== undefined && !opened.state.tasks.has(task))
    return Promise.resolve(wrongUse(`the run has no task \`${visible(task)}\`; \`status\` lists them`));
  const following = input.options["follow"] === true;
  const file = task === undefined ? null : logPath(opened, task);
  const tail = file === null ? null : tailOf(file, mostLines);
  // Who follows gets the last line when it is whole.
  const printed = tail === null ? [] : following || tail.rest === "" ? tail.lines : [...tail.lines, tail.rest];
  const shown = [
    ...opened.events.filter((event) => concerns(event, task)).map(logLine),
    ...(printed.length === 0 ? [] : ["", ...printed.map(outputLine)]),
  ].join("\n");
  if (!following) return Promise.resolve(said(shown));
  const from = tail?.end ?? 0;
  const live = (screen: Screen): Promise<Answer["code"]> =>
    whileReadable(screen, () => follow(opened, task, { file, from }, input.world, screen));
  return Promise.resolve({ ...said(shown), live });
}

async function follow(
  opened: Run,
  task: string | undefined,
  shown: { readonly file: string | null; readonly from: number },
  world: World,
  screen: Screen,
): Promise<Answer["code"]> {
  const next = followRun(opened);
  let { file } = shown;
  let output = file === null ? null : followText(file, shown.from);
  let code: Answer["code"] = 0;
  await everyChange(opened, leaving(screen), () => {
    const { run, fresh } = next();
    const lines = fresh.filter((event) => concerns(event, task)).map(logLine);
    const newest = task === undefined ? null : logPath(run, task);
    const printed = output?.() ?? [];
    if (newest !== null && newest !== file) {
      file = newest;
      output = followText(newest, 0);
      printed.push(...output());
    }
    for (const line of [...printed.map(outputLine), ...lines]) screen.write(`${line}\n`);
    const end = endOf(run, task, look(run, world.now()));
    if (end === null) return false;
    if (end.why !== "") screen.write(`${end.why}\n`);
    code = end.ok ? 0 : 1;
    return true;
  });
  return code;
}

/** Whether there is nothing more to follow; `why` is said where the events do not say it. */
function endOf(
  run: Run,
  task: string | undefined,
  sight: ReturnType<typeof look>,
): { ok: boolean; why: string } | null {
  const { state } = run;
  const status = task === undefined ? null : (state.tasks.get(task)?.status ?? "cancelled");
  switch (status) {
    case "done":
    case "merged":
      return { ok: true, why: "" };
    case "failed":
    case "skipped":
    case "cancelled":
      return { ok: false, why: "" };
    case "needs-input":
    case "conflicted":
      return { ok: false, why: `${task ?? ""} waits for you: \`inbox\` says for what.` };
    case "pending":
    case "ready":
    case "running":
    case "verifying":
    case "merging":
    case null:
      break;
    default: {
      const never: never = status;
      throw new Error(`unknown status ${String(never)}`);
    }
  }
  if (state.finished !== null) return { ok: state.finished, why: "" };
  if (state.stopped !== null && sight.supervised !== true) return { ok: false, why: "" };
  return isOrphan(state, sight) ? { ok: false, why: "Nobody supervises the run: `resume` goes on." } : null;
}

function concerns(event: Event, task: string | undefined): boolean {
  return (
    task === undefined || ("task" in event && event.task === task) || ("tasks" in event && event.tasks.includes(task))
  );
}

function logPath(run: Run, task: string): string | null {
  const place = run.state.tasks.get(task)?.place ?? null;
  return place === null ? null : join(run.project, place.folder, "output.log");
}

function outputLine(line: string): string {
  return `  | ${visible(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line)}`;
}
