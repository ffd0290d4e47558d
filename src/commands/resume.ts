import { runningTasks } from "../dispatch/whyNot.ts";
import type { Event } from "../model/event.ts";
import type { Plan } from "../model/plan.ts";
import { news } from "../session/news.ts";
import { clientLives } from "../session/onSession.ts";
import { now, record, writeCurrent, writePlan, type Run } from "../session/store.ts";
import { tickDone } from "../session/tick.ts";
import type { Answer, Invocation } from "./command.ts";
import { loadPlan } from "./load.ts";
import { isAnswer, newestRun, said, sessionOf } from "./openRun.ts";
import { wrongUse } from "./wrongUse.ts";

/**
 * Goes on with the newest run in the session that calls: after a stop, after the client was killed, in another session. What
 * is done stays done; what was running in a client that is gone starts again. The list is read anew: when it says something
 * else now, the run goes on with a new revision of the plan.
 */
export function run(input: Invocation): Promise<Answer> {
  return Promise.resolve(resume(input));
}

function resume(input: Invocation): Answer {
  const opened = newestRun(input);
  if (isAnswer(opened)) return opened;
  const session = sessionOf(input);
  if (session === null)
    return wrongUse("`resume` runs inside Claude Code, which has the agents; type `/orchestrate resume` there");
  const { state } = opened;
  if (state.finished !== null) return said(news(opened));
  const running = runningTasks(state);
  // After `/clear` the session is new and the client is the same: its workers are our own.
  const own = Number(input.world.env["CLAUDE_PID"]);
  const alive =
    state.session === session
      ? []
      : running.filter((task) => clientLives(opened, task) && state.tasks.get(task)?.client?.pid !== own);
  if (alive.length > 0) {
    return {
      out: "",
      err: `error: ${alive.join(", ")} of run ${state.run} still run in another session that is alive; stop the run there first (\`/orchestrate stop\`) [run-elsewhere]\n`,
      code: 1,
    };
  }
  // After a stop the session was told to end its workers: whoever is left is not waited for.
  const gone = running.filter((task) => state.stopped !== null || !clientLives(opened, task));
  const { plan, note } = revise(opened, input);
  writePlan(opened.folder, plan);
  const events: Event[] = [
    ...gone.map((task): Event => ({
      type: "lost",
      at: now(),
      task,
      reason: state.stopped === null ? "the client ended while it ran" : "it was stopped",
    })),
    { type: "adopted", at: now(), session, plan: plan.hash },
  ];
  const adopted = record(opened, events);
  const ticks = tickDone(adopted);
  const ready = ticks.length === 0 ? adopted : record(adopted, ticks);
  writeCurrent(opened.project, { run: state.run, session, open: true });
  return said(
    [
      ...note,
      ...(gone.length === 0 ? [] : [`${gone.join(", ")} did not come to an end and will start again.`]),
      news(ready),
    ].join("\n"),
  );
}

/** The plan to go on with: the list as it is now, or the old plan when it says the same or cannot be planned any more. */
function revise(run: Run, input: Invocation): { plan: Plan; note: string[] } {
  const started = run.events[0];
  if (started?.type !== "started") return { plan: run.plan, note: [] };
  const loaded = loadPlan({ ...started.asked, project: run.project }, { ...input.world, cwd: run.project });
  if (!loaded.outcome.ok) {
    const first = loaded.outcome.diagnostics[0];
    return {
      plan: run.plan,
      note: [
        `The list cannot be planned as it is now (${first?.message ?? "unknown"}): going on with the plan of before.`,
      ],
    };
  }
  const plan = loaded.outcome.value;
  if (essence(plan) === essence(run.plan)) return { plan: run.plan, note: [] };
  return { plan, note: ["The list changed: going on with a new revision of the plan. What is done stays done."] };
}

/** What a plan asks for, without what ticking a box changes. */
function essence(plan: Plan): string {
  return JSON.stringify({
    config: plan.config,
    tasks: plan.tasks.map(({ id, title, body, files, resources, alone, verify, acceptance }) => ({
      id,
      title,
      body,
      files,
      resources,
      alone,
      verify,
      acceptance,
    })),
    edges: plan.edges.map(({ from, to }) => `${from} ${to}`).toSorted(),
    locks: plan.locks
      .map(({ on, holders }) => `${on} ${holders.map((holder) => `${holder.task}:${holder.amount}`).join(",")}`)
      .toSorted(),
  });
}
