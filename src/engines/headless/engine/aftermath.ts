import type { Ended, Event } from "../../../model/event.ts";
import type { Config } from "../../../model/config.ts";
import type { RunState } from "../../../model/run.ts";
import { leastAllowance } from "./budget.ts";
import type { CheckRun, Happening, Judgement, WorkerEnding } from "./effect.ts";

/** Seconds of the first wait for a rate limit whose end nobody told us; each next one is twice as long, up to the longest. */
const firstGuess = 60;
const longestGuess = 3_600;
/** So many seconds such a limit is waited for in all. */
const mostGuessed = 6 * 3_600;
/** No limit is waited for longer at a time: the reset time may be read wrongly. */
const longestLimit = 6 * 3_600;
/** Backoff between restarts: 1, 2, 4, … seconds, this at most. */
const longestBackoff = 60;
/** Times that a task's worker is sent to resolve a conflict before a person must. */
const mostConflicts = 2;

/** Seconds to wait for a rate limit that was told to last `seconds`, or 0 when nobody told. */
export function limitedFor(seconds: number): number {
  return Math.min(seconds > 0 ? seconds : firstGuess, longestLimit);
}

/** The events that a happening comes to. Pure: the journal decides, by the task's present claim, whether they still count. */
export function aftermath(state: RunState, config: Config, happening: Happening, at: string): Event[] {
  switch (happening.type) {
    case "baseline":
      return happening.trouble === null
        ? checksOf(happening.checks, "baseline", at)
        : trouble(state, happening.trouble, at);
    case "spawned":
    case "receipt":
      return [{ ...happening, at }];
    case "worker-ended":
      return workerEnded(state, config, happening.task, happening.claim, happening.ending, at);
    case "judged": {
      const { task, report } = happening;
      // Somebody may have cancelled it meanwhile.
      if (state.tasks.get(task)?.claim !== happening.claim) return [];
      const { tokens, dollars } = happening.spent ?? { tokens: 0, dollars: 0 };
      const cost: Event[] = tokens + dollars === 0 ? [] : [{ type: "measured", at, task, tokens, dollars }];
      const said: Event[] = report === null ? [] : [{ type: "reported", at, task, agent: null, ...report }];
      return [...cost, ...said, ...judged(state, config, task, report?.summary ?? "", happening.judgement, at)];
    }
    case "merge-ended": {
      if (happening.trouble !== null) return trouble(state, happening.trouble, at);
      const resolved = config.conflicts === "resolver";
      return [
        ...checksOf(happening.checks, "gate", at),
        ...happening.merged.map((one): Event => ({ type: "merged", at, ...one })),
        ...happening.conflicts.map(({ task, files, with: others }): Event => {
          const again = resolved && (state.tasks.get(task)?.conflicts ?? 0) < mostConflicts;
          return { type: "conflicted", at, task, files, with: others, next: again ? "worker" : "person" };
        }),
        ...happening.reds.flatMap(({ task, reason }) => sendBack(state, config, task, reason, at)),
      ];
    }
    case "collisions":
      return happening.pairs.map((pair): Event => ({ type: "collision", at, ...pair }));
    default: {
      const never: never = happening;
      throw new Error(`unknown happening ${JSON.stringify(never)}`);
    }
  }
}

function workerEnded(
  state: RunState,
  config: Config,
  task: string,
  claim: string,
  ending: WorkerEnding,
  at: string,
): Event[] {
  const own = state.tasks.get(task);
  if (own === undefined || own.claim !== claim) return [];
  const ended = (wait: number): Ended => ({ type: "ended", at, task, claim, ...ending, wait });
  switch (ending.outcome) {
    case "finished":
    case "stopped":
    case "lost":
      return [ended(0)];
    case "rate-limit":
      if (ending.wait > 0) return [ended(limitedFor(ending.wait))];
      return untoldLimit(state, ending, at, (wait) => ({ ...ended(wait), untold: true }));
    case "permission":
    case "unstartable":
      // The next task would meet the same.
      return [ended(0), ...trouble(state, ending.reason, at)];
    case "budget": {
      // A client that does not say what it cost has used all of it. With more of the run's budget it goes on.
      const dollars = Math.max(ending.dollars, own.place?.dollars ?? 0);
      const spent: Event = { ...ended(0), dollars };
      const isLast =
        config.budgetPerTask !== undefined && own.dollars + dollars > config.budgetPerTask - leastAllowance;
      return isLast ? [spent, { type: "failed", at, task, reason: ending.reason }] : [spent];
    }
    case "crash":
    case "no-result":
    case "first-event":
    case "stuck":
    case "timeout":
    case "turns":
    case "receipt":
    case "worktree": {
      if (own.status !== "running") return [ended(0)];
      if (own.restarts < config.restarts) return [ended(Math.min(2 ** own.restarts, longestBackoff))];
      const times = own.restarts === 0 ? "" : ` (attempt ${own.restarts + 1} of ${config.restarts + 1})`;
      return [ended(0), { type: "failed", at, task, reason: `${ending.reason}${times}` }];
    }
    default: {
      const never: never = ending.outcome;
      throw new Error(`unknown outcome ${String(never)}`);
    }
  }
}

/** The longer a limit of unknown end lasts, the more seldom it is tried; when it has lasted too long, the run stops, to be resumed. */
function untoldLimit(
  { untold, stopped }: RunState,
  { reason }: WorkerEnding,
  at: string,
  ended: (wait: number) => Ended,
): Event[] {
  // Whoever met it together with others waits with them.
  if (untold !== null && !untold.fresh) return [ended(untold.wait)];
  const left = mostGuessed - (untold?.seconds ?? 0);
  if (left > 0) return [ended(Math.min(firstGuess * 2 ** (untold?.rounds ?? 0), longestGuess, left))];
  const said = `no worker got through for ${mostGuessed / 3_600} hours, and nobody says when the limit ends: ${reason}`;
  return [
    ended(firstGuess),
    ...(stopped === null ? [{ type: "stopped", at, reason: said, because: "limit" } as const] : []),
  ];
}

function judged(
  state: RunState,
  config: Config,
  task: string,
  summary: string,
  judgement: Judgement,
  at: string,
): Event[] {
  switch (judgement.kind) {
    case "verified": {
      const { commit, files, strayed, concerns } = judgement;
      return [{ type: "verified", at, task, commit, summary, files, strayed, concerns }];
    }
    case "short": {
      const { reason, unmerged: files = [], blameless } = judgement;
      if (blameless === true) return [{ type: "sent-back", at, task, reason }];
      const isLast = (state.tasks.get(task)?.sendBacks ?? 0) >= config.sendBacks;
      if (isLast && files.length > 0) return [{ type: "conflicted", at, task, files, with: [], next: "person" }];
      return sendBack(state, config, task, reason, at);
    }
    case "failed":
      return [{ type: "failed", at, task, reason: judgement.reason }];
    case "question":
      return [{ type: "needs-input", at, task, question: judgement.question }];
    case "trouble":
      return trouble(state, judgement.reason, at);
    default: {
      const never: never = judgement;
      throw new Error(`unknown judgement ${JSON.stringify(never)}`);
    }
  }
}

function sendBack(state: RunState, config: Config, task: string, reason: string, at: string): Event[] {
  const sent = state.tasks.get(task)?.sendBacks ?? 0;
  if (sent < config.sendBacks) return [{ type: "sent-back", at, task, reason }];
  return [
    {
      type: "failed",
      at,
      task,
      reason: sent === 0 ? reason : `sent back ${sent === 1 ? "once" : `${sent} times`}, and still: ${reason}`,
    },
  ];
}

/** The machine failed us: the run stops, unless that is what made the trouble. */
function trouble(state: RunState, reason: string, at: string): Event[] {
  return state.stopped === null ? [{ type: "stopped", at, reason }] : [];
}

function checksOf(checks: readonly CheckRun[], when: "baseline" | "gate", at: string): Event[] {
  return checks.map((check, index) => ({ type: "checked", at, when, ...check, last: index === checks.length - 1 }));
}
