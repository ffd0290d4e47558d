import type { PlanIndex } from "../run/planIndex.ts";
import type { Checked, Ended, Event } from "../model/event.ts";
import type { RunState } from "../model/run.ts";
import { visible } from "../text/escape.ts";
import { gist } from "../text/gist.ts";
import { dollarsInWords, duration, oneLine, tokensInWords } from "../text/oneLine.ts";
import { count, several } from "../text/layout.ts";

/** When a check of the whole tree ran, in words. */
export const moments: Readonly<Record<Checked["when"], string>> = {
  baseline: "before the run",
  quiet: "in between",
  end: "at the end",
  gate: "on the merged work",
};

/** Ends of workers whose names in the journal say little. */
const outcomes: Partial<Record<Ended["outcome"], string>> = {
  "first-event": "never began",
  stuck: "fell silent",
  "no-result": "no result",
  "rate-limit": "rate limit",
  receipt: "not what was asked for",
  unstartable: "could not start",
};

/**
 * What an event tells somebody who follows a run: the time of day (UTC), the task with its title where it starts, and a
 * sentence. Null for what only concerns our own bookkeeping.
 */
export function showEvent(event: Event, index: PlanIndex, state: Pick<RunState, "refused">): string | null {
  switch (event.type) {
    case "mirrored":
    case "nudged":
    case "launched":
    case "measured":
    case "repaired":
    case "spawned":
    case "receipt":
    case "reported":
    case "ticked":
    case "checking":
    case "merging":
    case "released":
      return null;
    case "ended":
      if (event.outcome === "finished") return null;
      break;
    case "dispatched":
    case "supervised":
      if (state.refused.has(event.type === "dispatched" ? event.claim : event.token)) return null;
      break;
    case "started":
    case "adopted":
    case "handed-back":
    case "sent-back":
    case "done":
    case "failed":
    case "needs-input":
    case "answered":
    case "retried":
    case "lost":
    case "checked":
    case "not-ticked":
    case "stopped":
    case "finished":
    case "verified":
    case "merged":
    case "conflicted":
    case "collision":
    case "paused":
    case "unpaused":
    case "cancelled":
    case "skipped":
      break;
    default: {
      const never: never = event;
      throw new Error(`unknown event ${JSON.stringify(never)}`);
    }
  }
  const title = event.type === "dispatched" ? (index.tasks.get(event.task)?.title ?? "") : "";
  const about = title === "" ? "" : `: ${oneLine(title, 80)}`;
  return `${event.at.slice(11, 19)}  ${subject(event)}${sentenceOf(withGist(event))}${about}`;
}

/** A reason without the form that a worker is reminded of: whoever follows a run need not read it each time. */
function withGist(event: Event): Event {
  return event.type === "sent-back" || event.type === "failed" ? { ...event, reason: gist(event.reason) } : event;
}

/** The same for a log, where nothing is left out: the whole time, and every type of event. */
export function logLine(event: Event): string {
  return `${visible(event.at.replace(/\.\d+Z$/, "Z"))}  ${subject(event)}${sentenceOf(event)}`;
}

function subject(event: Event): string {
  return "task" in event && event.task !== null ? `${visible(event.task)}  ` : "";
}

/** One event as one short sentence. */
function sentenceOf(event: Event): string {
  switch (event.type) {
    case "started":
      return `run ${visible(event.run)} started (${event.engine})${event.base ? ` from commit ${short(event.base)}` : ""}`;
    case "adopted":
      return event.engine === "headless"
        ? "the headless engine took the run over"
        : "another session took the run over";
    case "handed-back":
      return "the workflow ended; the session launches what is left";
    case "dispatched":
      return `started, attempt ${event.attempt}`;
    case "launched":
      return `its agent is ${visible(event.agent)}`;
    case "measured":
      return `used ${tokensInWords(event.tokens)} tokens`;
    case "reported":
      return `reported ${event.status}: ${oneLine(event.summary)}`;
    case "sent-back":
      return `sent back: ${oneLine(event.reason)}`;
    case "done":
      return `done: ${oneLine(event.summary)}${concerns(event)}`;
    case "failed":
      return `failed: ${oneLine(event.reason)}`;
    case "needs-input":
      return `asks: ${oneLine(event.question)}`;
    case "answered":
      return `was answered: ${oneLine(event.answer)}`;
    case "retried":
      return "is to be tried again";
    case "lost":
      return `lost: ${oneLine(event.reason)}`;
    case "checking":
      return "the checks of the whole tree begin";
    case "checked":
      return `check \`${oneLine(event.command)}\` ${event.result} (${moments[event.when]})${event.result === "passed" ? "" : `: ${lastWords(event.output)}`}`;
    case "ticked":
      return "ticked in the list";
    case "not-ticked":
      return `not ticked in the list: ${oneLine(event.reason)}`;
    case "mirrored":
      return `the todo list was brought in step (${event.tool})`;
    case "nudged":
      return "the session wanted to end and was told what is left";
    case "stopped":
      return `stopped: ${oneLine(event.reason)}`;
    case "finished":
      return event.ok ? "finished: everything is done" : "finished, and not everything is done";
    case "repaired":
      return `${event.bytes} bytes at the torn end of the journal were set aside`;
    case "supervised":
      return `process ${event.by.pid} on ${oneLine(event.host)} supervises the run`;
    case "released":
      return "the supervisor let the run go";
    case "spawned":
      return `its keeper is process ${event.keeper.pid}`;
    case "receipt":
      return `runs on ${event.model === null ? "a model that it did not name" : oneLine(event.model)}${event.permissionMode === null ? "" : `, permission mode ${oneLine(event.permissionMode)}`}, ${count(event.tools.length, "tool")}`;
    case "ended":
      return `its worker ended after ${duration(event.seconds)} (${outcomes[event.outcome] ?? event.outcome})${spent(event)}${event.reason === "" || event.outcome === "finished" ? "" : `: ${oneLine(event.reason)}`}${event.wait > 0 ? `; waits ${duration(event.wait)}` : ""}`;
    case "verified":
      return `verified at ${short(event.commit)}: ${oneLine(event.summary)}${event.strayed.length === 0 ? "" : `; changed as well: ${names(event.strayed)}`}${concerns(event)}`;
    case "merging":
      return `merging ${names(event.tasks)} onto ${short(event.onto)}`;
    case "merged":
      return `merged as ${short(event.commit)}`;
    case "conflicted":
      return `its merge conflicts in ${names(event.files)}${event.with.length === 0 ? "" : `, which ${names(event.with)} changed`}; ${event.next === "worker" ? "its worker resolves it" : "a person must resolve it"}`;
    case "collision":
      return `${names(event.tasks)} are changing the same lines of ${names(event.files)}: their merge will conflict`;
    case "paused":
      return "paused: nothing more is launched";
    case "unpaused":
      return "launching goes on";
    case "cancelled":
      return "cancelled by a person";
    case "skipped":
      return `skipped: ${oneLine(event.reason)}`;
    default: {
      const never: never = event;
      throw new Error(`unknown event ${JSON.stringify(never)}`);
    }
  }
}

function short(commit: string): string {
  return visible(commit.slice(0, 10));
}

function names(items: readonly string[]): string {
  return several(
    items.map((item) => oneLine(item, 120)),
    6,
  );
}

/** What a person should read; the summary itself is said already. */
function concerns({
  summary,
  concerns: of,
}: {
  readonly summary: string;
  readonly concerns: readonly string[];
}): string {
  const all = of.filter((one) => one !== summary);
  return all.length === 0 ? "" : `; to be read: ${all.map((one) => oneLine(one)).join("; ")}`;
}

function spent({ tokens, dollars }: { readonly tokens: number; readonly dollars: number }): string {
  if (tokens === 0 && dollars === 0) return "";
  return `, ${tokensInWords(tokens)} tokens${dollars > 0 ? `, ${dollarsInWords(dollars)}` : ""}`;
}

/** Of a check that failed: its last line that says anything. */
function lastWords(output: string): string {
  return oneLine(output.trimEnd().split("\n").at(-1) ?? "", 200) || "it printed nothing";
}
