import type { PlannedTask } from "../model/plan.ts";

/** How long a finished task took, and what it was thought to take. */
export interface Sample {
  readonly task: Pick<PlannedTask, "estimate" | "estimateFrom" | "corrected">;
  /** Minutes. */
  readonly actual: number;
  /** Tokens that the client counted; 0 where it did not. */
  readonly tokens: number;
}

/** What past runs say of an estimate: multiply it by `by`; half of all tasks took between `least` and `most` times as long. */
export interface Correction {
  readonly by: number;
  readonly least: number;
  readonly most: number;
}

/** Corrections for minutes that were stated and for minutes by default; null where too few tasks were done. */
export interface PastRuns {
  readonly stated: Correction | null;
  readonly default: Correction | null;
  /** Median of tokens over estimated minutes, before any correction; null where too few were counted. */
  readonly tokensPerMinute: number | null;
}

export const noPastRuns: PastRuns = { stated: null, default: null, tokensPerMinute: null };

const fewest = 3;
const bounds = { least: 0.5, most: 3 };

/** Corrections from finished tasks: the median of actual over estimated minutes, and its quartiles, all from 0.5 to 3. */
export function correctionsFrom(samples: readonly Sample[]): PastRuns {
  const ratios = { stated: [] as number[], default: [] as number[] };
  const rates: number[] = [];
  for (const { task, actual, tokens } of samples) {
    const from = task.corrected?.from ?? (task.estimateFrom === "stated" ? "stated" : "default");
    const first = task.estimate / (task.corrected?.by ?? 1);
    if (tokens > 0 && first > 0) rates.push(tokens / first);
    if (actual > 0 && first > 0) ratios[from].push(actual / first);
  }
  return { stated: correction(ratios.stated), default: correction(ratios.default), tokensPerMinute: median(rates) };
}

function correction(ratios: readonly number[]): Correction | null {
  if (ratios.length < fewest) return null;
  const sorted = ratios.toSorted((a, b) => a - b);
  return {
    by: bounded(quantile(sorted, 0.5)),
    least: bounded(quantile(sorted, 0.25)),
    most: bounded(quantile(sorted, 0.75)),
  };
}

function median(values: readonly number[]): number | null {
  return values.length < fewest
    ? null
    : quantile(
        values.toSorted((a, b) => a - b),
        0.5,
      );
}

/** The value at `part` (0 to 1) of sorted values: between the two nearest ones where none is at the exact place. */
export function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(place)] ?? 1, sorted[Math.ceil(place)] ?? 1];
  return low + (high - low) * (place - Math.floor(place));
}

function bounded(ratio: number): number {
  return Math.min(bounds.most, Math.max(bounds.least, ratio));
}
