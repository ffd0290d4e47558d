import { whyNot } from "../dispatch/whyNot.ts";
import { dispatch } from "../dispatch/dispatch.ts";
import type { Status } from "../model/status.ts";
import { clip, pad } from "../report/text.ts";
import { visible } from "../report/escape.ts";
import type { Run } from "../session/store.ts";
import type { Answer, Invocation } from "./command.ts";
import { styleOf } from "./load.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";

/** What is done, running, next, and why the rest waits. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  const status = statusOf(opened);
  if (input.options["json"] === true) return Promise.resolve(said(JSON.stringify(status, null, 2)));
  return Promise.resolve(said(showStatus(status, styleOf(input.world).width)));
}

export function statusOf(run: Run): Status {
  const { state, index, plan } = run;
  const next = dispatch(index, state);
  return {
    schema: 1,
    run: state.run,
    plan: state.plan,
    source: plan.source,
    session: state.session,
    engine: state.engine,
    stopped: state.stopped,
    finished: state.finished,
    next,
    tasks: plan.tasks.map((task) => {
      const own = state.tasks.get(task.id);
      const status = own?.status ?? task.status;
      return {
        id: task.id,
        title: task.title,
        status: next.includes(task.id) ? "ready" : status,
        why: status === "pending" && !next.includes(task.id) ? whyNot(index, state, task.id) : null,
        attempts: own?.attempts ?? 0,
        summary: own?.summary ?? "",
        files: [...(own?.files ?? [])],
        concerns: [...(own?.concerns ?? [])],
        history: [...(own?.history ?? [])],
        startedAt: own?.startedAt ?? null,
        endedAt: own?.endedAt ?? null,
      };
    }),
    checks: state.checks.map(({ when, command, result }) => ({ when, command, result })),
  };
}

const signs: Readonly<Record<string, string>> = {
  done: "✓",
  running: "▶",
  verifying: "▶",
  ready: "→",
  failed: "✗",
  "needs-input": "?",
  cancelled: "–",
  skipped: "–",
};

export function showStatus(status: Status, width: number): string {
  const count = (...names: string[]): number => status.tasks.filter((task) => names.includes(task.status)).length;
  const how =
    status.finished !== null ? "finished" : status.stopped !== null ? `stopped (${visible(status.stopped)})` : "open";
  const lines = [
    `Run ${status.run} of ${status.source.map((source) => visible(source)).join(", ")}: ${how}`,
    [
      `${count("done")} of ${status.tasks.length} done`,
      ...[
        ["running", count("running", "verifying")],
        ["ready", count("ready")],
        ["waiting", count("pending")],
        ["failed", count("failed")],
        ["need an answer", count("needs-input")],
      ].flatMap(([name, number]) => (number === 0 ? [] : [`${number} ${name}`])),
    ].join(", "),
    "",
  ];
  const idWidth = Math.min(16, Math.max(...status.tasks.map((task) => task.id.length)));
  for (const task of status.tasks) {
    lines.push(
      clip(
        `${signs[task.status] ?? "·"} ${pad(visible(task.id), idWidth)}  ${pad(task.status, 11)} ${visible(task.title)}`,
        width,
      ),
    );
    const notes = [
      ...(task.why === null ? [] : [task.why]),
      ...(task.status === "failed" || task.status === "needs-input" ? task.history.slice(-1) : []),
      ...task.concerns,
    ];
    for (const note of notes)
      lines.push(clip(`  ${" ".repeat(idWidth)}  ${visible(note.replaceAll("\n", " "))}`, width));
  }
  for (const check of status.checks.slice(-3))
    lines.push(
      `${check.result === "passed" ? "✓" : "✗"} check (${check.when}): ${visible(check.command)} ${check.result}`,
    );
  return lines.join("\n");
}
