import type { Event, SentBack } from "../model/event.ts";

/** What a run came to, in numbers. */
export interface Figures {
  /** From the first launch to the end. */
  readonly seconds: number;
  /** Of all workers added up. */
  readonly workerSeconds: number;
  /** Workers that ran at once, at most. */
  readonly beside: number;
  /** Tasks, each as often as it happened. */
  readonly crashed: readonly string[];
  /** Said to be done when they were not. */
  readonly untrue: readonly string[];
  /** Merged, and found to turn the checks red. */
  readonly red: readonly string[];
  readonly conflicted: readonly string[];
  readonly merged: readonly string[];
}

export function figuresOf(events: readonly Event[]): Figures {
  const tasks = (wanted: (event: Event) => boolean): string[] =>
    events.flatMap((event) => (wanted(event) && "task" in event && event.task !== null ? event.task : []));
  const times = events.flatMap((event) =>
    event.type === "dispatched" || event.type === "finished" ? Date.parse(event.at) : [],
  );
  const running = new Set<string>();
  let beside = 0;
  let workerSeconds = 0;
  for (const event of events) {
    if (event.type === "spawned") running.add(event.claim);
    if (event.type === "ended") {
      running.delete(event.claim);
      workerSeconds += event.seconds;
    }
    beside = Math.max(beside, running.size);
  }
  return {
    seconds: times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / 1_000,
    workerSeconds,
    beside,
    crashed: tasks((event) => event.type === "ended" && event.outcome === "crash"),
    untrue: tasks((event) => event.type === "sent-back" && !isRed(event)),
    red: tasks((event) => event.type === "sent-back" && isRed(event)),
    conflicted: tasks((event) => event.type === "conflicted"),
    merged: tasks((event) => event.type === "merged"),
  };
}

/** Sent back because of what the checks said after the merge, not because of its own work. */
export function isRed({ reason }: Pick<SentBack, "reason">): boolean {
  return reason.startsWith("merged with the work of the others");
}
