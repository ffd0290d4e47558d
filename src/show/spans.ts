/** A stretch of time, in milliseconds since 1970; `to` is not before `from`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The same time, in order, without overlaps and without empty stretches. */
export function united(spans: readonly Span[]): Span[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (!(to > from)) continue;
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** What of `spans` is in none of `others`. */
export function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  let left = united(spans);
  for (const other of united(others))
    left = left.flatMap(({ from, to }) => {
      if (other.to <= from || other.from >= to) return [{ from, to }];
      return [
        { from, to: other.from },
        { from: other.to, to },
      ].filter((span) => span.to > span.from);
    });
  return left;
}

/** Minutes in all, overlaps counted once. */
export function minutesOf(spans: readonly Span[]): number {
  return united(spans).reduce((sum, { from, to }) => sum + to - from, 0) / 60_000;
}
