import { brief } from "./brief.ts";
import { whyNot } from "./whyNot.ts";
import { identityOf } from "../process/identity.ts";
import { digestsOf } from "../engines/session/evidence.ts";
import { newFence } from "../text/fence.ts";
import { now, record, type Run } from "./store.ts";

/**
 * Claims a task for one worker and gives its brief, or says why not. Several may claim at once: whichever claim stands first
 * in the journal wins. `client` is the number of the client's process, with which the worker lives and dies.
 */
export function claimTask(
  run: Run,
  id: string,
  claim: string,
  client: number,
): { run: Run; brief: string } | { refusal: string } {
  const task = run.index.tasks.get(id);
  const refusal = whyNot(run.index, run.state, id);
  if (task === undefined || refusal !== null) return { refusal: refusal ?? `the plan has no task ${id}` };
  const before = digestsOf(run.project, task);
  const attempt = (run.state.tasks.get(id)?.attempts ?? 0) + 1;
  const claimed = record(run, [
    { type: "dispatched", at: now(), task: id, attempt, claim, client: identityOf(client), before },
  ]);
  if (claimed.state.refused.has(claim))
    return { refusal: whyNot(claimed.index, claimed.state, id) ?? "another call was first" };
  return {
    run: claimed,
    brief: brief(claimed.index, claimed.state, id, claim, newFence()),
  };
}
