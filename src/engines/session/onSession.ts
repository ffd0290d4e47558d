import { dispatch } from "../../run/dispatch.ts";
import { isAlive } from "../../process/identity.ts";
import { context, tellPerson, type HookAnswer, type HookInput } from "./hookInput.ts";
import { news } from "./news.ts";
import { reconcile } from "../../run/reconcile.ts";
import { closeRun, now, record, type Run } from "../../run/store.ts";

const maxNudges = 3;

/**
 * Answers the end of the session's turn: a run does not end with launchable work and nothing running. Bounded, so that a
 * session that cannot launch is not held for ever.
 */
export function onStop(run: Run): HookAnswer {
  // Which agents the client still lists says nothing here: one that just ended is missing before its end was judged.
  if (run.state.engine === "workflow") return null;
  if (dispatch(run.index, run.state).length === 0 || run.state.nudges >= maxNudges) return null;
  record(run, [{ type: "nudged", at: now() }]);
  // Not `decision: "block"`: the client shows that to the person as a problem.
  return context("Stop", news(run));
}

/** Answers the begin of a session: puts the ledger back after a compaction, or says in one line that a run was left unfinished. */
export function onSessionStart(run: Run, input: HookInput): HookAnswer {
  if (run.state.finished !== null) {
    closeRun(run);
    return null;
  }
  if (run.state.session === input.session_id) {
    const known = reconcile(run, (_, task) => !clientLives(run, task), "the client ended while it ran");
    return context(
      "SessionStart",
      `${news(known)}\nDo not resume earlier workers by SendMessage: their tasks are launched anew, as above.`,
    );
  }
  // Only where a person has just come: a compaction of another session is none of theirs.
  if (input.source === "compact") return null;
  const done = [...run.state.tasks.values()].filter((task) => task.status === "done").length;
  const left = `${run.state.run}, ${done} of ${run.state.tasks.size} tasks done`;
  return tellPerson(
    `An Orchestrate run is unfinished here (${left}). /orchestrate status shows it, /orchestrate resume goes on with it.`,
    context(
      "SessionStart",
      `An Orchestrate run is unfinished here (${left}). Only when the person asks: \`/orchestrate resume\`.`,
    ),
  );
}

/** Whether the client that launched the task's worker still runs: workers live and die with it. */
export function clientLives(run: Run, task: string): boolean {
  const client = run.state.tasks.get(task)?.client ?? null;
  return client !== null && isAlive(client);
}
