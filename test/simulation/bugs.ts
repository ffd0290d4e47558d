import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "esbuild";

/** A fault that is put into the source on purpose: the simulation is worth as much as it finds of them. */
export interface Bug {
  readonly name: string;
  readonly says: string;
  /** A seed that shows it. */
  readonly seed: number;
  readonly changes: readonly Change[];
}

interface Change {
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

const engine = "src/engines/headless/engine/engine.ts";
const turn = "src/engines/headless/engine/turn.ts";
const aftermath = "src/engines/headless/engine/aftermath.ts";
const budget = "src/engines/headless/engine/budget.ts";
const place = "src/engines/headless/engine/place.ts";
const fold = "src/run/fold.ts";
const revise = "src/run/revise.ts";
const foldHeadless = "src/run/foldHeadless.ts";
const whyNot = "src/run/whyNot.ts";
const dispatch = "src/run/dispatch.ts";
const office = "test/simulation/office.ts";

/** The driver looks once more before it starts a worker; a fault of the engine must not hide behind that. */
const unguarded: Change = {
  file: "test/simulation/effects.ts",
  from: 'supervisor.engine?.state.tasks.get(task)?.status !== "running" ||',
  to: "",
};

export const bugs: readonly Bug[] = [
  {
    name: "no fsync",
    says: "what was recorded is lost when the machine goes down",
    seed: 1,
    changes: [{ file: "test/simulation/disk.ts", from: "  fsync(disk);\n  return true;", to: "  return true;" }],
  },
  {
    name: "effect before record",
    says: "a worker is started first and recorded then",
    seed: 1,
    changes: [
      { file: turn, from: "    if (next.events.length > 0) ledger", to: "    if (next.effect === null) ledger" },
      {
        file: turn,
        from: "    begin(next.effect);",
        to: "    begin(next.effect);\n    if (next.events.length > 0) ledger.append(next.events);\n    catchUp(engine, ledger, present.now);",
      },
      unguarded,
    ],
  },
  {
    name: "refused claim launches",
    says: "a worker is started although the journal refused its claim",
    seed: 82,
    changes: [{ file: turn, from: "|| refused || !isOurs", to: "|| !isOurs" }, unguarded],
  },
  {
    name: "takeover always wins",
    says: "a claim on the run counts whoever has it",
    seed: 2,
    changes: [
      {
        file: foldHeadless,
        from: "if ((state.supervisor?.token ?? null) === event.after) state",
        to: "if (event.token !== event.after) state",
      },
    ],
  },
  {
    name: "refused takeover goes on",
    says: "a supervisor whose claim on the run was refused begins all the same",
    seed: 2,
    changes: [{ file: office, from: "if (state().supervisor?.token !== token) return", to: "if (false) return" }],
  },
  {
    name: "second supervisor",
    says: "nobody looks whether the supervisor before still lives",
    seed: 10,
    changes: [
      { file: office, from: "if (holder !== null && isRunning(world, holder.by)) return", to: "if (false) return" },
    ],
  },
  {
    name: "rate limit costs a restart",
    says: "a rate limit is held against the task",
    seed: 8,
    changes: [{ file: foldHeadless, from: 'new Set([\n  "rate-limit",\n  "stopped",', to: 'new Set(["stopped",' }],
  },
  {
    name: "rate limit forgotten",
    says: "a new supervisor knows nothing of the rate limit",
    seed: 17,
    changes: [{ file: engine, from: "of state.limits) {", to: "of []) {" }],
  },
  {
    name: "short limit hides a long one",
    says: "only the newest rate limit counts",
    seed: 407,
    changes: [{ file: foldHeadless, from: "state.limits.push({", to: "(state.limits = []).push({" }],
  },
  {
    name: "barrier",
    says: "workers are launched only when none runs",
    seed: 3,
    changes: [{ file: engine, from: "workers < capOf(engine, moment) ? ready[0]", to: "workers === 0 ? ready[0]" }],
  },
  {
    name: "resting task keeps a place",
    says: "a task that rests after a crash is chosen, and nobody else in its stead",
    seed: 4,
    changes: [
      {
        file: engine,
        from: "dispatch(engine.index, state, resting)",
        to: "dispatch(engine.index, state).filter((task) => !resting.has(task))",
      },
    ],
  },
  {
    name: "no locks",
    says: "tasks that share a file run at once",
    seed: 2,
    changes: [
      { file: whyNot, from: "if (used + amount > lock.capacity)", to: "if (used + amount < 0)" },
      {
        file: "src/plan/live.ts",
        from: "if (demandAmount[k]! > free",
        to: "if (demandResource[k] === 0 && demandAmount[k]! > free",
      },
    ],
  },
  {
    name: "merging frees locks",
    says: "a file is free before the work on it is merged",
    seed: 2,
    changes: [
      { file: whyNot, from: "[...running, ...mergingTasks(state)]", to: "running" },
      { file: dispatch, from: "mergingTasks(state).flatMap((id) => nodes.get(id) ?? [])", to: "[] as number[]" },
    ],
  },
  {
    name: "alone in company",
    says: "a task that runs beside no other does",
    seed: 7,
    changes: [
      { file: whyNot, from: "if (task.alone !== null && running.length > 0)", to: "if (task.alone === '')" },
      { file: whyNot, from: "running.find((other) => index.tasks.get(other)?.alone)", to: "running.find(() => false)" },
      { file: "src/plan/problem.ts", from: "amount: task.alone === null ? 1 : workers,", to: "amount: 1," },
    ],
  },
  {
    name: "needs not merged",
    says: "a task starts when what it needs is verified, and not merged yet",
    seed: 2,
    changes: [
      {
        file: whyNot,
        from: 'status === "merged") return true;',
        to: 'status === "merged" || status === "merging") return true;',
      },
    ],
  },
  {
    name: "pause ignored",
    says: "a paused run launches",
    seed: 6,
    changes: [
      { file: whyNot, from: 'if (state.paused) return "the run is paused";', to: "" },
      { file: dispatch, from: " || state.paused", to: "" },
    ],
  },
  {
    name: "launched anew",
    says: "a new supervisor takes what ran for lost without a look",
    seed: 4,
    changes: [
      {
        file: foldHeadless,
        from: "=== event.after) state.supervisor = event;",
        to: '=== event.after) { state.supervisor = event; for (const [id, task] of state.tasks) if (task.status === "running") change(state, id, { status: "pending", claim: null }); }',
      },
    ],
  },
  {
    name: "nothing adopted",
    says: "a new supervisor does not follow the workers of the one before",
    seed: 4,
    changes: [{ file: engine, from: "if (lives && !busy.has(", to: "if (lives && busy.size < 0 && !busy.has(" }],
  },
  {
    name: "number alone",
    says: "a process is known by its number alone, which another one has by now",
    seed: 110,
    changes: [
      {
        file: "test/simulation/world.ts",
        from: "return world.processes.get(pid) === start;",
        to: "return world.processes.has(pid) || start === '';",
      },
    ],
  },
  {
    name: "finished with work left",
    says: "the run ends while a person's answer is still out",
    seed: 7,
    changes: [
      { file: engine, from: '"merging", "needs-input", "conflicted"]', to: '"merging"]' },
      {
        file: foldHeadless,
        from: "every(({ status }) => ends.has(status))",
        to: "every(({ status }) => status !== 'ready')",
      },
    ],
  },
  {
    name: "finished beside a retry",
    says: "the run is finished although a person retried a task at the same instant",
    seed: 483,
    changes: [{ file: fold, from: 'if (state.engine === "headless" && !isAllEnded(state)) return;', to: "" }],
  },
  {
    name: "nothing skipped",
    says: "what waits for a failed task waits for ever",
    seed: 1,
    changes: [
      {
        file: engine,
        from: "  const skipped = left.map(",
        to: "  if (left.length > 0) return [];\n  const skipped = left.map(",
      },
    ],
  },
  {
    name: "old judgement counts",
    says: "what was found of an older attempt decides about a newer one",
    seed: 31,
    changes: [{ file: aftermath, from: "if (state.tasks.get(task)?.claim !== happening.claim) return [];", to: "" }],
  },
  {
    name: "verified twice",
    says: "a look at the work begins while another is under way",
    seed: 1,
    changes: [{ file: engine, from: '"verifying" && !busy.has(`verify ${task}`) &&', to: '"verifying" &&' }],
  },
  {
    name: "wall clock",
    says: "waits are measured by a clock that jumps",
    seed: 148,
    changes: [
      { file: office, from: "({ now: world.now, at:", to: "({ now: wall(world), at:" },
      {
        file: office,
        from: "supervisor.token, world.now, wall(world))",
        to: "supervisor.token, wall(world), wall(world))",
      },
      { file: office, from: "wake - world.now -", to: "wake - wall(world) -" },
    ],
  },
  {
    name: "torn line counts",
    says: "half a line is taken for an event",
    seed: 175,
    changes: [
      {
        file: "src/run/line.ts",
        from: "  if (tail === null) return null;",
        to: '  if (tail === null) { try { return JSON.parse(`${line.replace(/,"[^{}]*$/, "")}}`) as Event; } catch { return null; } }',
      },
    ],
  },
  {
    name: "cancelled worker lives",
    says: "the worker of a cancelled task is left alone",
    seed: 6,
    changes: [
      {
        file: engine,
        from: 'own.status === "cancelled" || own.status === "pending";\n    if (!unwanted',
        to: 'own.status === "pending";\n    if (!unwanted',
      },
    ],
  },
  {
    name: "cancelled and retried",
    says: "a task that was cancelled and retried starts while its old worker lives",
    seed: 27,
    changes: [{ file: fold, from: 'own.status === "cancelled" ? own.claim : null', to: "null" }],
  },
  {
    name: "one restart too many",
    says: "a task that crashes is started once more than it may",
    seed: 2,
    changes: [
      { file: aftermath, from: "own.restarts < config.restarts", to: "own.restarts <= config.restarts" },
      { file: engine, from: "(own?.restarts ?? 0) > restarts", to: "(own?.restarts ?? 0) > restarts + 1" },
    ],
  },
  {
    name: "killed before the failure",
    says: "a supervisor that dies between the last bad end and the failure gives another restart away",
    seed: 716,
    changes: [{ file: engine, from: "(own?.restarts ?? 0) > restarts", to: "(own?.restarts ?? 0) > restarts + 9" }],
  },
  {
    name: "one send-back too many",
    says: "work is sent back once more than it may",
    seed: 1,
    changes: [{ file: aftermath, from: "sent < config.sendBacks", to: "sent <= config.sendBacks" }],
  },
  {
    name: "retry keeps the counts",
    says: "a task that a person retries has no send-backs left",
    seed: 39,
    changes: [
      {
        file: fold,
        from: "restarts: 0, sendBacks: 0, conflicts: 0, wait: 0 }",
        to: "restarts: 0, conflicts: 0, wait: 0 }",
      },
    ],
  },
  {
    name: "no reserve",
    says: "workers are launched that together may cost more than the budget",
    seed: 93,
    changes: [{ file: budget, from: "* (place?.dollars ?? 0)", to: "* 0" }],
  },
  {
    name: "budget stops too soon",
    says: "a run whose budget is spent stops in the middle of a check, at each resume again",
    seed: 105,
    changes: [{ file: engine, from: "if (busy.size > 0) return [];\n      const reason", to: "const reason" }],
  },
  {
    name: "forgotten with a new plan",
    says: "a new plan takes a task that a rate limit met for one that never began",
    seed: 162,
    changes: [{ file: revise, from: "own.startedAt === null &&", to: "own.attempts === 0 &&" }],
  },
  {
    name: "old plan forgotten",
    says: "what happened under an older plan is judged by the newest",
    seed: 3,
    changes: [{ file: fold, from: 'case "started":\n      revise(state, event.plan);', to: 'case "started":' }],
  },
  {
    name: "a moment later",
    says: "a run ends as waiting for a person because a rest ended just when it was looked at",
    seed: 10,
    changes: [{ file: office, from: "over(engine, last)", to: "over(engine, { ...last, now: last.now + 2 })" }],
  },
  {
    name: "paid twice",
    says: "the cost of a worker whose task is cancelled while it is checked counts twice",
    seed: 3,
    changes: [{ file: foldHeadless, from: 'own.status === "verifying" ? null : own.claim', to: "own.claim" }],
  },
  {
    name: "cancelled work merged",
    says: "a merge counts although one of its tasks was cancelled meanwhile",
    seed: 18,
    changes: [
      {
        file: turn,
        from: 'happening.type === "merge-ended" && engine.mergeSpoilt',
        to: 'happening.type === "merge-ended" && engine.busy.size < 0',
      },
    ],
  },
  {
    name: "broken chain",
    says: "a merge stands on the base and not on the merge before it",
    seed: 2,
    changes: [{ file: engine, from: "const onto = state.head;", to: "const onto = state.base ?? state.head;" }],
  },
  {
    name: "cancelled comes back",
    says: "work of a cancelled task is sent back",
    seed: 2834,
    changes: [
      { file: foldHeadless, from: '["verifying", "merging"]);', to: '["verifying", "merging", "cancelled"]);' },
    ],
  },
  {
    name: "failed after cancelled",
    says: "a task that a person cancelled fails",
    seed: 2020,
    changes: [
      { file: foldHeadless, from: '(status === "cancelled" || status === "merged")', to: '(status === "merged")' },
    ],
  },
  {
    name: "worktree shared",
    says: "two tasks work in the worktree of a merged one at once",
    seed: 2,
    changes: [{ file: place, from: "if (!taken) return worktree;", to: "if (!taken || slots > 0) return worktree;" }],
  },
  {
    name: "ports shared",
    says: "all workers have the same ports",
    seed: 3,
    changes: [
      { file: place, from: "find((slot) => !taken.has(slot))", to: "find((slot) => slot === 0 || !taken.has(slot))" },
    ],
  },
  {
    name: "no backoff",
    says: "a worker that crashed is restarted at once",
    seed: 4,
    changes: [
      { file: engine, from: "else if (event.wait > 0) engine.wakeAt", to: "else if (event.wait > 1e9) engine.wakeAt" },
    ],
  },
];

/** An esbuild plugin that changes the source as it is read; it fails where a change does not apply. */
export function planting(bug: Bug, root: string): Plugin {
  const left = new Set(bug.changes);
  return {
    name: "planting",
    setup: (build) => {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const changes = bug.changes.filter(({ file }) => resolve(root, file) === path);
        if (changes.length === 0) return undefined;
        let contents = readFileSync(path, "utf8");
        for (const change of changes) {
          const pieces = contents.split(change.from);
          if (pieces.length !== 2)
            throw new Error(
              `${bug.name}: ${change.from} occurs ${pieces.length - 1} times in ${change.file}, not once`,
            );
          contents = pieces.join(change.to);
          left.delete(change);
        }
        return { contents, loader: "ts" };
      });
      build.onEnd(() => {
        const [first] = left;
        if (first !== undefined) throw new Error(`${bug.name}: ${first.file} was not read`);
      });
    },
  };
}
