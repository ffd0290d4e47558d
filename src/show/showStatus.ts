import type { Status } from "../model/status.ts";
import { inWords } from "../plan/minutes.ts";
import { visible } from "../text/escape.ts";
import { moments } from "./event.ts";
import { clock, dollarsInWords, duration, oneLine, tokensInWords } from "../text/oneLine.ts";
import { clip, pad, wrap } from "../text/layout.ts";

export type StatusTask = Status["tasks"][number];

/** One character for each status. */
export const signs: Readonly<Record<StatusTask["status"], string>> = {
  done: "✓",
  merged: "✓",
  running: "▶",
  verifying: "▶",
  merging: "▶",
  ready: "→",
  failed: "✗",
  conflicted: "✗",
  "needs-input": "?",
  cancelled: "–",
  skipped: "–",
  pending: "·",
};

/** Whether nobody is at a task that was at work: then `why` says so. */
export function isLeftOff({ status, why }: StatusTask): boolean {
  return why !== null && (status === "running" || status === "verifying" || status === "merging");
}

export function signOf(task: StatusTask): string {
  return isLeftOff(task) ? signs.pending : signs[task.status];
}

/** The status as text: how the run stands, what waits for a person, then every task. */
export function showStatus(status: Status, width: number, now: Date): string {
  const headless = status.engine === "headless";
  const lines = [
    `Run ${status.run} of ${status.source.map((source) => visible(source)).join(", ")}: ${howItIs(status)}`,
    counts(status),
    ...(headless ? whoAndWhat(status, now).map((line) => clip(line, width)) : []),
    ...notYetYours(status, width),
    ...needed(status, width),
    "",
    ...tasks(status, width, now),
    ...status.checks.map(checkLine),
  ];
  const wrong = status.diagnosis.filter((line) => line !== `The run was stopped: ${oneLine(status.stopped ?? "")}`);
  if (headless && wrong.length > 0) lines.push("", "What went wrong:", ...wrong.map((line) => `- ${line}`));
  return lines.join("\n");
}

/** `open`, `finished`, `stopped (why)`, `paused`. */
export function howItIs(status: Status): string {
  if (status.finished === false && status.engine === "headless") return "finished, and not everything is done";
  if (status.finished !== null) return "finished";
  if (status.stopped !== null) return `stopped (${oneLine(status.stopped)})`;
  return status.paused ? "paused" : "open";
}

/** `3 of 12 done, 2 running, 1 ready, 4 waiting`. */
export function counts(status: Status): string {
  const number = (...names: string[]): number => status.tasks.filter((task) => names.includes(task.status)).length;
  const left = (...names: string[]): number =>
    status.tasks.filter((task) => isLeftOff(task) && names.includes(task.status)).length;
  return [
    status.engine === "headless"
      ? `${number("done", "merged")} of ${status.tasks.length} merged`
      : `${number("done")} of ${status.tasks.length} done`,
    ...(
      [
        ["running", number("running", "verifying") - left("running", "verifying")],
        ["interrupted", left("running", "verifying")],
        [left("merging") > 0 ? "to be merged" : "merging", number("merging")],
        ["ready", number("ready")],
        ["waiting", number("pending")],
        ["failed", number("failed")],
        ["in conflict", number("conflicted")],
        [number("needs-input") === 1 ? "needs an answer" : "need an answer", number("needs-input")],
        ["skipped", status.engine === "headless" ? number("skipped") : 0],
        ["cancelled", status.engine === "headless" ? number("cancelled") : 0],
      ] as const
    ).flatMap(([name, amount]) => (amount === 0 ? [] : [`${amount} ${name}`])),
  ].join(", ");
}

/** Of a headless run: who has it, what holds it back, what it cost and how long it will take. */
export function whoAndWhat(status: Status, now: Date): string[] {
  const { supervisor } = status;
  const { startedAt: began, endedAt: ended } = status;
  const over = ended !== null;
  const until = over ? Date.parse(ended) : now.getTime();
  const figures = [
    ...(began === null ? [] : [`${duration((until - Date.parse(began)) / 1_000)} ${over ? "in all" : "so far"}`]),
    ...(status.minutesLeft === null || over ? [] : [`about ${inWords(Math.max(1, status.minutesLeft))} left`]),
    ...(status.tokens > 0 ? [`${tokensInWords(status.tokens)} tokens`] : []),
    ...(status.dollars > 0 ? [dollarsInWords(status.dollars)] : []),
  ];
  const who =
    supervisor === null || supervisor.alive === false
      ? "Nobody supervises it: `resume` goes on."
      : `Supervised by process ${supervisor.pid} on ${oneLine(supervisor.host, 60)}${supervisor.alive === null ? ", which cannot be seen from here" : ""}.`;
  return [
    ...(figures.length === 0 ? [] : [figures.join(", ")]),
    ...(over && supervisor?.alive !== true ? [] : [who]),
    ...(status.limitedUntil === null
      ? []
      : [
          `Rate limit until ${clock(status.limitedUntil)} UTC (${duration((Date.parse(status.limitedUntil) - now.getTime()) / 1_000)}).`,
        ]),
    ...(status.paused && !over ? ["Paused: `resume` goes on."] : []),
  ];
}

/** That what a finished run merged is not in a branch of the person's, or its own branch not where the run is, and what to do. */
export function notYetYours(status: Status, width: number): string[] {
  return status.waiting.flatMap(({ kind, text }) =>
    kind === "unmerged" || kind === "branch" ? wrap(oneLine(text, 1_000), width) : [],
  );
}

function checkLine({ when, command, result, failedBefore }: Status["checks"][number]): string {
  const before =
    failedBefore && result !== "passed" && when !== "baseline" ? "; it failed before the run began too" : "";
  return `${result === "passed" ? "✓" : "✗"} check ${moments[when]}: ${visible(command)} ${result}${before}`;
}

/** One line for each thing that waits for a person, in a headless run; a session says so itself. */
function needed(status: Status, width: number): string[] {
  const waiting = status.waiting.filter((one) => one.task !== null);
  if (status.engine !== "headless" || waiting.length === 0) return [];
  const kinds = {
    question: "asks",
    changed: "may be another task",
    conflict: "cannot be merged",
    failed: "failed",
    stopped: "",
    unsupervised: "",
    unmerged: "",
    branch: "",
  };
  return [
    "",
    "Waits for you (`inbox` says what to do):",
    ...waiting.map((one) => clip(`  ${visible(one.task ?? "")} ${kinds[one.kind]}: ${oneLine(one.text)}`, width)),
  ];
}

function tasks(status: Status, width: number, now: Date): string[] {
  const headless = status.engine === "headless";
  const idWidth = Math.min(16, Math.max(...status.tasks.map((task) => task.id.length)));
  return status.tasks.flatMap((task) => {
    const figures = headless ? `${pad(figuresOf(task), 14)} ` : "";
    const word = !isLeftOff(task) ? task.status : task.status === "merging" ? "to merge" : "interrupted";
    const start = `${signOf(task)} ${pad(visible(task.id), idWidth)}  ${pad(word, 11)} `;
    const notes = [
      ...(task.why === null ? [] : [whyInWords(task.why)]),
      ...(headless && task.status === "running" && !isLeftOff(task) ? [atWork(task, now)] : []),
      ...(["failed", "needs-input", "conflicted"].includes(task.status) ||
      (task.status === "skipped" && task.history.length > 0)
        ? task.history.slice(-1)
        : []),
      ...task.concerns,
    ];
    return [
      clip(`${start}${figures}${oneLine(task.title)}`, width),
      ...notes.map((note) => clip(`  ${" ".repeat(idWidth)}  ${oneLine(note)}`, width)),
    ];
  });
}

/** Why a task waits, without our own name for a status, and without why the run was stopped: that is said once above. */
export function whyInWords(why: string): string {
  return why
    .replaceAll("(needs-input)", "(needs an answer)")
    .replace(/^the run was stopped \(.*$/s, "the run was stopped");
}

/** `12 min  $0.80`; what is not known yet is left out. */
function figuresOf(task: StatusTask): string {
  const minutes = task.minutes === null ? "" : duration(task.minutes * 60);
  return `${pad(minutes, 7)}${task.dollars > 0 ? dollarsInWords(task.dollars) : ""}`.trimEnd();
}

/** What a worker does at this moment: `Edit 3 s ago, 14 tool calls, 12 k tokens, attempt 2`. */
export function atWork(task: StatusTask, now: Date): string {
  const quiet = task.lastSignAt === null ? null : (now.getTime() - Date.parse(task.lastSignAt)) / 1_000;
  const waits = task.waitsUntil === null ? 0 : (Date.parse(task.waitsUntil) - now.getTime()) / 1_000;
  return [
    ...(waits > 0
      ? [`the service is busy, it asks again in ${duration(waits)}`]
      : quiet === null
        ? ["has said nothing yet"]
        : [`${task.lastTool === null ? "spoke" : oneLine(task.lastTool, 40)} ${duration(quiet)} ago`]),
    ...(task.toolCalls === null || task.toolCalls === 0
      ? []
      : [`${task.toolCalls} tool call${task.toolCalls === 1 ? "" : "s"}`]),
    ...(task.tokens > 0 ? [`${tokensInWords(task.tokens)} tokens`] : []),
    ...(task.attempts > 1 ? [`attempt ${task.attempts}`] : []),
  ].join(", ");
}
