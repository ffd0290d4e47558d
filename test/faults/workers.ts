import type { WorkerOutcome } from "../../src/model/event.ts";
import { eventsOf, processesWith, tokensIn } from "./check.ts";
import { dropRig, makeRig, run } from "./rig.ts";

/**
 * Every kind of misbehaviour and what it must be called, under the one limit that ends it: the other limits are far away, so
 * that a slow machine cannot reach them first. A second worker that the short limit hits as well is started again.
 */
const trials: readonly { readonly limit: string; readonly kinds: Readonly<Record<string, WorkerOutcome>> }[] = [
  { limit: "restarts: 2", kinds: { mute: "no-result", linger: "finished", daemon: "finished" } },
  {
    limit: "startTimeout: 2",
    kinds: { silent: "first-event", deaf: "first-event", halt: "first-event", closed: "first-event" },
  },
  { limit: "idleTimeout: 3", kinds: { stuck: "stuck" } },
  { limit: "timeout: 6", kinds: { flood: "timeout" } },
];

/** Lets workers of every kind of misbehaviour into runs, each under its limit. */
export async function misbehave(
  cli: string,
): Promise<{ readonly ended: readonly string[]; readonly faults: readonly string[] }> {
  const told = await Promise.all(trials.map(({ limit, kinds }) => misbehaveUnder(cli, limit, kinds)));
  return { ended: told.flatMap(({ ended }) => ended), faults: told.flatMap(({ faults }) => faults) };
}

async function misbehaveUnder(cli: string, limit: string, kinds: Readonly<Record<string, WorkerOutcome>>) {
  const names = Object.keys(kinds);
  const limits = ["startTimeout: 3600", "idleTimeout: 3600", "timeout: 7200", "restarts: 20"];
  const [key = ""] = limit.split(" ");
  const rig = makeRig(
    cli,
    names.map((kind, nth) => `T00${nth + 1}:${kind} A task`),
    [...limits.filter((line) => !line.startsWith(key)), limit, "successThreshold: 0"],
    names.length,
  );
  const { code, out } = await run(rig, ["run", "tasks.md"]);
  const events = eventsOf(rig);
  const faults: string[] = [];
  const ended: string[] = [];
  for (const [nth, kind] of names.entries()) {
    const task = `T00${nth + 1}`;
    const end = events.find((event) => event.type === "ended" && event.task === task);
    if (end?.type !== "ended") {
      faults.push(`lost: ${kind} has no end`);
      continue;
    }
    ended.push(`${kind}: ${end.outcome} after ${end.seconds} s`);
    if (end.outcome !== kinds[kind]) faults.push(`${kind}: ended as ${end.outcome}, expected ${kinds[kind]}`);
  }
  if (code !== 0) faults.push(`the later workers should have done it: ${out}`);
  faults.push(...processesWith(new Set(tokensIn(events))).map((pid) => `orphan: process ${pid}`));
  if (faults.length === 0) dropRig(rig);
  return { ended, faults };
}

/** Workers that fail at once: the waits between them double, and then the task has failed. All of them: the run gives up. */
export async function storm(cli: string): Promise<{ readonly waits: readonly number[]; readonly reason: string }> {
  const one = makeRig(cli, ["T001:crash A task"]);
  await run(one, ["run", "tasks.md"]);
  const waits = eventsOf(one).flatMap((event) => (event.type === "ended" ? event.wait : []));
  dropRig(one);
  const all = makeRig(
    cli,
    Array.from({ length: 8 }, (_, nth) => `T00${nth + 1}:crash A task`),
    ["restarts: 1"],
    8,
  );
  await run(all, ["run", "tasks.md"]);
  const stopped = eventsOf(all).find((event) => event.type === "stopped");
  dropRig(all);
  return { waits, reason: stopped?.type === "stopped" ? stopped.reason : "" };
}

/** A worker that meets a rate limit of three seconds: when the others, and itself, were launched after it, in milliseconds. */
export async function rateLimit(
  cli: string,
): Promise<{ readonly pauses: readonly number[]; readonly attempts: number; readonly code: number | null }> {
  const rig = makeRig(cli, ["T001:limited First", "T002 Second", "T003 Third"], [], 1);
  const ended = await run(rig, ["run", "tasks.md"]);
  const events = eventsOf(rig);
  const limit = events.find((event) => event.type === "ended" && event.outcome === "rate-limit");
  const after = events.slice(limit === undefined ? 0 : events.indexOf(limit));
  const pauses = after.flatMap((event) =>
    event.type === "dispatched" ? Date.parse(event.at) - Date.parse(limit?.at ?? "") : [],
  );
  const attempts = Math.max(
    ...events.flatMap((event) => (event.type === "dispatched" && event.task === "T001" ? event.attempt : [])),
  );
  dropRig(rig);
  return { pauses, attempts, code: ended.code };
}
