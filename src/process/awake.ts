/** Milliseconds between two looks at the clock. */
const step = 250;
/** A look that comes later than this was held up: the machine slept, or this process was stopped. */
const mostCounted = 1_000;

/**
 * How much of the time between two looks was spent awake. A long gap in one's own clock is sleep, which no limit may count: whoever
 * is being waited for slept as well.
 */
export function awake(elapsed: number): number {
  return Math.min(Math.max(0, elapsed), mostCounted);
}

/** Calls `then` after so many milliseconds of being awake. Returns how to call it off. */
export function afterAwake(milliseconds: number, then: () => void): () => void {
  let left = milliseconds;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const from = performance.now();
    timer = setTimeout(
      () => {
        left -= awake(performance.now() - from);
        if (left <= 0) then();
        else wait();
      },
      Math.min(step, left),
    );
  };
  wait();
  return () => clearTimeout(timer);
}
