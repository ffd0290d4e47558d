import { spawn } from "node:child_process";
import type { Event } from "../../../model/event.ts";
import { tokenVariable } from "../../../process/sweep.ts";
import type { Surroundings } from "./surroundings.ts";

/** Milliseconds that the person's own command may take. */
const longest = 30_000;

/**
 * Runs the person's command for the events that they must know of, with the news as JSON on its standard input. What it
 * says or does not do is nobody's business: a run does not end because of it.
 */
export function notify(
  event: Event,
  { index, state, project, env }: Pick<Surroundings, "index" | "state" | "project" | "env">,
): void {
  const command = index.plan.config.notify;
  const news = newsOf(event);
  if (command === undefined || news === null) return;
  const child = spawn(command, {
    cwd: project,
    shell: true,
    stdio: ["pipe", "ignore", "ignore"],
    timeout: longest,
    // With it a command of ours would take itself for a worker, and the next supervisor would kill it.
    env: { ...env, [tokenVariable]: undefined },
  });
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.stdin.end(`${JSON.stringify({ run: state.run, ...news })}\n`);
}

function newsOf(event: Event): Record<string, unknown> | null {
  const of = (task: string | null, text: string): Record<string, unknown> => ({ event: event.type, task, text });
  if (event.type === "needs-input") return of(event.task, event.question);
  if (event.type === "failed") return of(event.task, event.reason);
  if (event.type === "conflicted" && event.next === "person")
    return of(event.task, `its merge conflicts in ${event.files.join(", ")}`);
  if (event.type === "stopped") return of(null, event.reason);
  if (event.type === "finished") return of(null, event.ok ? "every task is done" : "not every task is done");
  return null;
}
