import type { Config } from "../model/config.ts";
import { isOpen } from "../model/isOpen.ts";
import type { Forecast, PlannedTask } from "../model/plan.ts";
import type { PastRuns } from "./pastRuns.ts";

/** Tokens of a worker for each estimated minute, where no past runs say. A guess, and shown as one. */
export const tokensPerMinute = 5_000;

/** Tokens that the session itself spends on one task: its launch, its notification, what it is told next. */
export const overheadTokens = 500;

/** What the open tasks cost: in tokens by their minutes, in dollars where the options name a price. */
export function cost(
  tasks: readonly PlannedTask[],
  config: Config,
  past: PastRuns,
): Pick<Forecast, "tokens" | "dollars"> {
  const open = tasks.filter(isOpen);
  const minutes = open.reduce((sum, task) => sum + task.estimate / (task.corrected?.by ?? 1), 0);
  const work = Math.round(minutes * (past.tokensPerMinute ?? tokensPerMinute));
  const overhead = open.length * overheadTokens;
  const price = config.dollarsPerMillionTokens;
  return {
    tokens: { work, overhead, from: past.tokensPerMinute === null ? "default" : "past-runs" },
    dollars: price === undefined ? null : ((work + overhead) * price) / 1_000_000,
  };
}
