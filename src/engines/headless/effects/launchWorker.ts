import { join } from "node:path";
import { brief } from "../../../run/brief.ts";
import { newFence } from "../../../text/fence.ts";
import { isAlive } from "../../../process/identity.ts";
import type { Effect, WorkerEnding } from "../engine/effect.ts";
import { endKeeper, lostWorker } from "./endKeeper.ts";
import { endingFrom, endingOf } from "../engine/ending.ts";
import { followWorker } from "./followWorker.ts";
import { prepareTree } from "./prepare.ts";
import { folderIn } from "./setUp.ts";
import { startKeeper } from "./startKeeper.ts";
import type { Surroundings } from "./surroundings.ts";
import { claudeCommand } from "../keeper/commandLine.ts";
import { readEnd, readKeeper } from "../keeper/files.ts";

type Launching = Extract<Effect, { do: "launch" }>;

/** Prepares the worktree, starts the worker under a keeper, and follows it to its end. */
export async function launchWorker(effect: Launching, surroundings: Surroundings): Promise<WorkerEnding> {
  const { task, claim, place } = effect;
  const { project, index, state } = surroundings;
  const planned = index.tasks.get(task);
  if (planned === undefined) return endingOf("worktree", `the plan has no task ${task}`);
  const folder = join(project, place.folder);
  const prepared = await prepareTree(place, surroundings);
  if (surroundings.aborted.aborted || state.tasks.get(task)?.status !== "running")
    return endingOf("stopped", "it was stopped before its worker began");
  if (!prepared.ok) return endingOf(prepared.hopeless === true ? "unstartable" : "worktree", prepared.reason);

  const text = brief(index, state, task, claim, newFence(), {
    tree: "own",
    conflicts: prepared.conflicts,
    aside: prepared.aside,
  });
  const { config } = index.plan;
  const command = commandFor(effect, planned, surroundings);
  if (!command.ok) return endingOf("unstartable", command.reason);
  const keeper = startKeeper(folder, text, command.command, prepared.folder, surroundings, {
    claim,
    run: state.run,
    task,
    slot: place.slot,
    limits: { firstEvent: config.startTimeout, idle: config.idleTimeout, total: config.timeout },
  });
  return followWorker(effect, prepared.folder, surroundings, keeper);
}

/** What the client says when it has no session of that name in this folder: any more, or never written down before it was killed. */
const noSession = "No conversation found with session ID";

function commandFor(
  { task: id, place }: Launching,
  task: { model: string | null; effort: string | null; agent: string | null },
  { index, state }: Surroundings,
): ReturnType<typeof claudeCommand> {
  const { config } = index.plan;
  if (config.worker.command !== undefined) return { ok: true, command: [...config.worker.command] };
  // The brief says all that a new session needs.
  const isLost = state.tasks.get(id)?.history.at(-1)?.includes(noSession) === true;
  return claudeCommand({
    model: task.model ?? config.model ?? null,
    effort: task.effort ?? config.effort ?? null,
    agent: task.agent ?? config.agent ?? null,
    permissionMode: config.permissionMode,
    allowedTools: config.allowedTools,
    resume: isLost ? null : place.resume,
    dollars: place.dollars,
  });
}

/** Finds out what became of a worker that an earlier supervisor started, and follows it if it lives. */
export async function adoptWorker(
  effect: Extract<Effect, { do: "adopt" }>,
  surroundings: Surroundings,
): Promise<WorkerEnding> {
  const folder = join(surroundings.project, effect.place.folder);
  const ended = readEnd(folder);
  if (ended !== null) return endingFrom(ended);
  const keeper = readKeeper(folder)?.keeper;
  if (keeper !== undefined && isAlive(keeper))
    return followWorker(effect, folderIn(effect.place.worktree, surroundings), surroundings);
  return lostWorker(effect, folder);
}

/** Ends a worker because the run, or its task, was stopped. */
export async function stopWorker(
  effect: Extract<Effect, { do: "stop-worker" }>,
  { project, state }: Pick<Surroundings, "project" | "state">,
): Promise<void> {
  const place = state.tasks.get(effect.task)?.place;
  if (place === null || place === undefined) return;
  await endKeeper(join(project, place.folder), effect.claim);
}
