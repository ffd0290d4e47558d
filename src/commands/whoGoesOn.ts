import { isSupervised } from "../engines/headless/effects/orphans.ts";
import type { Run } from "../run/store.ts";

/** Who goes on with what was just written into the journal of a headless run. */
export function whoGoesOn(run: Run): string {
  const { state } = run;
  if (state.stopped !== null) return "The run is stopped: `resume` goes on with it.";
  if (!isSupervised(run)) return "Nobody supervises the run: `resume` goes on with it.";
  if (state.paused) return "The run is paused: `resume` goes on with it.";
  return "The supervisor goes on with it.";
}
