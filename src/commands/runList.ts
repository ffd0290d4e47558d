import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { hasExited } from "../engines/headless/effects/startKeeper.ts";
import type { RunState } from "../model/run.ts";
import type { Event } from "../model/event.ts";
import { showEvent } from "../show/event.ts";
import { newestChecks } from "../show/checks.ts";
import { diagnose } from "../show/diagnosis.ts";
import { branchTrouble } from "../git/runBranch.ts";
import { whereItIs } from "../show/inbox.ts";
import { supervise } from "../engines/headless/effects/supervise.ts";
import { keptBySupervisor, passedOn } from "../engines/headless/keeper/environment.ts";
import { takeOver } from "../engines/headless/engine/takeOver.ts";
import { bundleOf, programFor } from "../run/bundle.ts";
import { openRun, type Run } from "../run/store.ts";
import { visible } from "../text/escape.ts";
import { count, wrap } from "../text/layout.ts";
import type { Answer, Screen, World } from "./command.ts";
import { isUnmerged } from "./isUnmerged.ts";

/**
 * Supervises a run in this process until it ends, and says what happens line by line. `stay`: also while only a person can go
 * on, who may answer from another terminal; where there is no terminal nobody would.
 */
export function inForeground(run: Run, world: World, said: string, stay = world.columns !== null): Answer {
  return { out: said, err: "", code: 0, live: (screen) => follow(run, world, screen, stay) };
}

/** Where a line goes on that a terminal is too narrow for. */
const afterTime = " ".repeat(10);

async function follow(opened: Run, world: World, screen: Screen, stay: boolean): Promise<Answer["code"]> {
  const taken = takeOver(opened.folder);
  // Another one that resumes may have put another plan in force meanwhile.
  const run = reopened(opened);
  if ("held" in taken) {
    const { by, host } = taken.held;
    screen.write(
      `error: process ${by.pid} on ${visible(host)} supervises run ${run.state.run} already; \`watch\` shows it, \`stop\` ends it [run-elsewhere]\n`,
    );
    return 1;
  }
  const told = (event: Event, state: RunState): void => {
    const line = showEvent(event, run.index, state);
    if (line !== null)
      screen.write(`${world.columns === null ? line : wrap(line, world.columns, afterTime).join("\n")}\n`);
  };
  const allow = run.plan.config.worker.env ?? [];
  // Before the first worker is there, which could read it in this process.
  const { TMPDIR, TMP, TEMP } = world.env;
  const env = { TMPDIR, TMP, TEMP, ...passedOn(world.env, allow) };
  world.dropEnvironment?.(keptBySupervisor(world.env, allow));
  try {
    const end = await supervise(run, taken.token, {
      cli: () => programFor(run.folder, bundleOf(run.events), world.cli),
      env,
      told,
      stop: screen.interrupted,
      stay,
    });
    for (const line of closing(run, end).split("\n"))
      screen.write(`${world.columns === null ? line : wrap(line, world.columns).join("\n")}\n`);
    return codeAfter(reopened(run), end);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    screen.write(
      `error: the run cannot be recorded (${visible(reason)}); its workers go on, and nothing is lost: mend that, then \`resume\` [journal-unwritable]\n`,
    );
    return 1;
  }
}

/** A run that only waits for a usage limit to end can be told from one that went wrong: a script resumes it later. */
function codeAfter({ state, events }: Run, end: Awaited<ReturnType<typeof supervise>>): Answer["code"] {
  if (end === "finished" && state.finished === true) return 0;
  const stop = events.findLast((event) => event.type === "stopped");
  return end === "stopped" && stop?.because === "limit" ? 4 : 1;
}

function reopened(run: Run): Run {
  const again = openRun(run.project, run.state.run);
  return again.ok ? again.value : run;
}

/** What to know and to do when a supervisor ends. */
export function closing(before: Run, end: "finished" | "stopped" | "replaced" | "waiting"): string {
  const run = reopened(before);
  const { state } = run;
  const merged =
    state.merged.length === 0
      ? "Nothing was merged."
      : isUnmerged(run)
        ? (branchTrouble(run.project, state.run, state.head ?? "", state.finished !== null) ?? whereItIs(state.run))
        : "What is merged is in a branch of yours.";
  const red = newestChecks(run.events).flatMap(({ command, failedBefore, when, result }) => {
    if (!failedBefore) return [];
    const since =
      when === "baseline" ? "" : `, and ${result === "passed" ? "passes" : "still fails"} on the merged work`;
    return `\`${visible(command)}\` failed before the run began${since}.`;
  });
  switch (end) {
    case "finished":
      return state.finished === true
        ? [`Run ${state.run} is finished: ${count(state.merged.length, "task")} merged. ${merged}`, ...red].join("\n")
        : [`Run ${state.run} is finished, and not everything is done.`, ...diagnose(run), merged, ...red].join("\n");
    case "stopped":
      return stoppedBecause(run).join("\n");
    case "waiting":
      return `Run ${state.run} waits for a person: \`inbox\` says for what; then \`resume\`.`;
    case "replaced":
      return `Another process took run ${state.run} over; this one lets it go.`;
    default: {
      const never: never = end;
      throw new Error(`unknown end ${String(never)}`);
    }
  }
}

/** The diagnosis begins with why the run was stopped, unless a task's failure says it. */
function stoppedBecause(run: Run): string[] {
  const { state } = run;
  const lines = diagnose(run);
  const said = "The run was stopped: ";
  const [first = ""] = lines;
  const reason = first.startsWith(said) ? first.slice(said.length).replace(/\.$/, "") : visible(state.stopped ?? "");
  const todo = reason.endsWith("then `resume`") ? "" : " `resume` goes on.";
  return [`Run ${state.run} is stopped: ${reason}.${todo}`, ...(first.startsWith(said) ? lines.slice(1) : lines)];
}

/** Milliseconds that a supervisor in the background is waited for until it has the run. */
const untilItHas = 5_000;

/** Starts a supervisor of its own, and waits until that has the run. Its words go to `supervisor.log` beside the events. */
export async function inBackground(run: Run, world: World): Promise<void> {
  const log = openSync(join(run.folder, "supervisor.log"), "a", 0o600);
  const program = programFor(run.folder, bundleOf(run.events), world.cli);
  const child = spawn(process.execPath, [program, "supervise", run.state.run, "--project", run.project], {
    cwd: run.project,
    detached: true,
    stdio: ["ignore", log, log],
    env: keptBySupervisor(world.env, run.plan.config.worker.env ?? []),
  });
  child.on("error", () => undefined);
  child.unref();
  const before = run.state.supervisor?.token;
  const deadline = performance.now() + untilItHas;
  while (!hasExited(child) && performance.now() < deadline) {
    const { supervisor } = reopened(run).state;
    if (supervisor !== null && supervisor.token !== before) return;
    await wait(20);
  }
}
