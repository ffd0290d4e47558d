import type { Event } from "../../src/model/event.ts";
import { isOpen } from "../../src/model/isOpen.ts";
import { record } from "./record.ts";
import { say, wallText, type World } from "./world.ts";

/** A person does something to the run, by a process of their own that knows the journal as it is. */
export function act(world: World): void {
  const { random, watch } = world;
  const at = wallText(world);
  const { truth } = watch;
  const inStatus = (...statuses: string[]): string[] =>
    [...truth.tasks].flatMap(([id, { status }]) => (statuses.includes(status) ? id : []));
  const about = (tasks: string[], event: (task: string) => Event): Event[] =>
    tasks.length === 0 ? [] : [event(random.pick(tasks))];
  const cancellable = inStatus("pending", "running", "verifying", "merging", "failed", "conflicted", "needs-input");
  const retryable = inStatus("failed", "conflicted", "cancelled", "cancelled", "needs-input", "skipped").filter((id) =>
    isOpen(world.index.tasks.get(id)!),
  );
  const actions: (() => Event[])[] = [
    () => about(inStatus("needs-input"), (task) => ({ type: "answered", at, task, answer: "That one" })),
    () => about(retryable, (task) => ({ type: "retried", at, task })),
    () => about(retryable, (task) => ({ type: "retried", at, task })),
    () => about(cancellable, (task) => ({ type: "cancelled", at, task })),
    () => about(inStatus("merging", "verifying", "running"), (task) => ({ type: "cancelled", at, task })),
    () => about(inStatus("merging", "verifying"), (task) => ({ type: "cancelled", at, task })).flatMap(startAnew),
    () => [{ type: "stopped", at, reason: "a person stopped it" }],
    () => [{ type: truth.paused ? "unpaused" : "paused", at }],
    () => [{ type: "unpaused", at }],
  ];
  const events = random.pick(actions)();
  if (events.length === 0) return;
  say(world, `a person: ${events.map((event) => event.type).join(", ")}`);
  record(world, events);
}

/** It was a mistake, or the task is to begin once more from nothing. */
function startAnew(event: Event): Event[] {
  return event.type === "cancelled" ? [event, { type: "retried", at: event.at, task: event.task }] : [event];
}

/** People say what only they can say, so that nothing waits for them; with `all` they give everything another chance. */
export function help(world: World, all: boolean): void {
  const { truth } = world.watch;
  const at = wallText(world);
  const statuses = all
    ? ["needs-input", "conflicted", "failed", "skipped", "cancelled"]
    : ["needs-input", "conflicted"];
  const events = [...truth.tasks].flatMap(([task, { status }]): Event[] =>
    statuses.includes(status) && isOpen(world.index.tasks.get(task)!) ? [{ type: "retried", at, task }] : [],
  );
  if (truth.paused) events.push({ type: "unpaused", at });
  if (events.length > 0) record(world, events);
}
