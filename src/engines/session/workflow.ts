import { helperCall } from "../../text/escape.ts";
import type { Run } from "../../run/store.ts";
import { isSatisfied } from "../../run/whyNot.ts";

/** What the native workflow engine calls the run; its notification says it, and so tells that the script ended. */
export function workflowName(run: string): string {
  return `Orchestrate run ${run}`;
}

/**
 * The rest of a run as one script for the client's own workflow engine: the same order, locks and limit, without a barrier,
 * and no turn of the model between two tasks. Each agent fetches its brief from the helper, which claims the task, and is
 * checked when it stops, exactly as in the session. `claim` is random and known to this script alone.
 */
export function workflowScript(run: Run, helper: string, claim: string): string {
  const { state, index, plan } = run;
  const locks = new Map(plan.locks.map((lock, number) => [lock, number]));
  const tasks = plan.tasks
    .filter(({ id }) => state.tasks.get(id)?.status === "pending")
    .toSorted((a, b) => b.priority - a.priority)
    .map((task) => {
      const { id } = task;
      const name = `${claim}.${id}`;
      return {
        id,
        needs: [...new Set(index.needs.get(id) ?? [])].filter((need) => !isSatisfied(index, state, need)),
        locks: (index.locks.get(id) ?? []).map(({ lock, amount }) => [locks.get(lock) ?? 0, amount]),
        alone: task.alone !== null,
        prompt: `[orchestrate ${state.run} ${id} ${name}]\nYour brief is what this command prints. Run it first, exactly as written, and do what it says:\n${helperCall(helper)} brief ${id} --claim ${name}`,
        options: {
          label: id,
          agentType: task.agent ?? plan.config.agent ?? "orchestrate:worker",
          ...modelOf(task.model ?? plan.config.model),
        },
      };
    });
  return `export const meta = { name: "orchestrate-${state.run}", description: ${JSON.stringify(workflowName(state.run))} };

const tasks = ${JSON.stringify(tasks, null, 1)};
const capacities = ${JSON.stringify(plan.locks.map((lock) => lock.capacity))};
const mostWorkers = ${plan.config.maxWorkers};

const waiting = new Set(tasks);
const running = new Set();
const done = new Set();
const used = (lock) => [...running].flatMap((task) => task.locks).reduce((sum, [own, amount]) => sum + (own === lock ? amount : 0), 0);
const isFree = (task) =>
  running.size < mostWorkers &&
  (running.size === 0 || !(task.alone || [...running].some((other) => other.alone))) &&
  task.locks.every(([lock, amount]) => used(lock) + amount <= capacities[lock]);

await new Promise((over) => {
  const step = () => {
    for (const task of waiting) if (task.needs.every((need) => done.has(need)) && isFree(task)) launch(task);
    if (running.size === 0) over();
  };
  const launch = (task) => {
    waiting.delete(task);
    running.add(task);
    const ended = (report) => {
      running.delete(task);
      if (/^STATUS: DONE/m.test(String(report))) done.add(task.id);
      step();
    };
    agent(task.prompt, task.options).then(ended, ended);
  };
  step();
});
return \`\${done.size} of \${tasks.length} tasks ended well\`;
`;
}

function modelOf(model: string | undefined): { model?: string } {
  return model === undefined ? {} : { model };
}
