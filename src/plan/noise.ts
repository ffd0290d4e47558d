/**
 * How far off estimates are taken to be where no past runs say: the standard deviation of the logarithm of actual over
 * estimated minutes. Software estimates are rarely better.
 */
export const usualSpread = 0.4;

/** The middle half of a normal distribution reaches this many standard deviations to either side. */
const quartile = 0.6745;

/** The spread of a task whose actual minutes lie between the two given ones in half of all cases. */
export function spreadOf([least, most]: readonly [number, number]): number {
  return Math.log(most / least) / (2 * quartile);
}

/**
 * `runs` sets of actual minutes for the same tasks, each minute an estimate times a log-normal factor with the median 1.
 * The same numbers for the same number of tasks, always. Every second run mirrors the one before (antithetic variates,
 * Hammersley and Morton 1956), so that a few runs already have the right centre.
 */
export function actualMinutes(estimates: Float64Array, spreads: Float64Array, runs: number): Float64Array[] {
  const made: Float64Array[] = [];
  for (let run = 0; run < runs; run += 2) {
    const normal = normals(run + 1);
    const draws = estimates.map(() => normal());
    made.push(estimates.map((minutes, v) => minutes * Math.exp(spreads[v]! * draws[v]!)));
    made.push(estimates.map((minutes, v) => minutes * Math.exp(-spreads[v]! * draws[v]!)));
  }
  return made.slice(0, runs);
}

/** Normally distributed numbers, the same for the same seed (mulberry32, and Box and Muller 1958). */
export function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
