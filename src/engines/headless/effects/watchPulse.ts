import type { ProcessIdentity } from "../../../model/event.ts";
import { isAlive } from "../../../process/identity.ts";
import { readKeeper } from "../keeper/files.ts";
import { beatIn, feel, firstPulse, type Pulse } from "../keeper/pulse.ts";

/**
 * Watches the pulse of an attempt's keeper. Ask at every look: true once it has been silent, was continued, and is silent again; then
 * it is to be ended with all that it started.
 */
export function watchPulse(folder: string): (keeper: ProcessIdentity) => boolean {
  let pulse: Pulse | null = null;
  let every: number | null = null;
  return (keeper) => {
    every ??= readKeeper(folder)?.beat ?? null;
    // One of a version that left no beats is not measured by them.
    if (every === null) return false;
    const felt = feel(pulse ?? firstPulse(beatIn(folder), performance.now()), beatIn(folder), performance.now(), every);
    pulse = felt.pulse;
    if (felt.act === "continue" && isAlive(keeper)) process.kill(keeper.pid, "SIGCONT");
    return felt.act === "end";
  };
}
