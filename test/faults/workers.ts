import type { WorkerOutcome } from "../../src/model/event.ts";
import { eventsOf, processesWith, tokensIn } from "./check.ts";
import { dropRig, makeRig, run } from "./rig.ts";

/** What each kind of misbehaviour must be called, and seconds in which it must be over: its limit, the grace, and a little. */
const expected: Readonly<Record<string, { readonly outcome: WorkerOutcome; readonly within: number }>> = {
  mute: { outcome: "no-result", within: 2 },
  linger: { outcome: "finished", within: 5 + 2 },
  silent: { outcome: "first-event", within: 2 + 2 },
  stuck: { outcome: "stuck", within: 3 + 2 },
  flood: { outcome: "timeout", within: 6 + 2 },
  deaf: { outcome: "first-event", within: 2 + 5 + 2 },
  daemon: { outcome: "finished", within: 2 },
  halt: { outcome: "first-event", within: 2 + 2 },
  closed: { outcome: "first-event", within: 2 + 2 },
};

/** Lets every kind of misbehaving worker into one run. `slack` seconds are added to every limit, for a machine that is busy. */
export async function misbehave(
  cli: string,
  slack: number,
): Promise<{ readonly ended: readonly string[]; readonly faults: readonly string[] }> {
  const kinds = Object.keys(expected);
  const rig = makeRig(
    cli,
    kinds.map((kind, nth) => `T00${nth + 1}:${kind} A task`),
    [
      `startTimeout: ${2 + slack}`,
      `idleTimeout: ${3 + slack}`,
      `timeout: ${6 + slack}`,
      "restarts: 1",
      "successThreshold: 0",
    ],
    kinds.length,
  );
  const ended = await run(rig, ["run", "tasks.md"]);
  const events = eventsOf(rig);
  const faults: string[] = [];
  const told: string[] = [];
  for (const [nth, kind] of kinds.entries()) {
    const task = `T00${nth + 1}`;
    const { outcome, within } = expected[kind] ?? { outcome: "lost", within: 0 };
    const end = events.find((event) => event.type === "ended" && event.task === task);
    if (end?.type !== "ended") {
      faults.push(`lost: ${kind} has no end`);
      continue;
    }
    told.push(`${kind}: ${end.outcome} after ${end.seconds} s`);
    if (end.outcome !== outcome) faults.push(`${kind}: ended as ${end.outcome}, expected ${outcome}`);
    if (end.seconds > within + slack) faults.push(`${kind}: took ${end.seconds} s, expected at most ${within + slack}`);
  }
  if (ended.code !== 0) faults.push(`the second workers should have done it: ${ended.out}`);
  faults.push(...processesWith(new Set(tokensIn(events))).map((pid) => `orphan: process ${pid}`));
  if (faults.length === 0) dropRig(rig);
  return { ended: told, faults };
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
