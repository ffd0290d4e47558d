/** A wait that only a hang lets run out; less than a test may take, so that the wait says what did not come. */
const hang = 10 * 60_000;

/**
 * Resolves with what `look` finds, as soon as it is neither null, undefined nor false. For what another process does and
 * tells nobody: looking again is the only way. When it never comes, the error names `event` and shows what was `seen` last.
 */
export async function until<Value>(
  event: string,
  look: () => Value | Promise<Value>,
  seen?: () => unknown,
): Promise<Exclude<Value, null | undefined | false>> {
  const end = performance.now() + hang;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false)
      return found as Exclude<Value, null | undefined | false>;
    if (performance.now() > end) throw new Error(missed(event, seen));
    await new Promise((again) => setTimeout(again, 20));
  }
}

/** The same promise; when it never settles, the error names `event` and shows what was `seen` last. */
export async function arrival<Value>(event: string, promise: Promise<Value>, seen?: () => unknown): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(missed(event, seen))), hang).unref();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function missed(event: string, seen?: () => unknown): string {
  const last = seen === undefined ? "" : `; seen instead:\n${String(seen())}`;
  return `waited ${hang / 60_000} minutes for ${event}${last}`;
}
