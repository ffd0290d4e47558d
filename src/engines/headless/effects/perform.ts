import { adoptWorker, launchWorker, stopWorker } from "./launchWorker.ts";
import { join } from "node:path";
import { endKeeper } from "./endKeeper.ts";
import { inspect } from "./inspect.ts";
import { measureBase, mergeStep } from "./mergeStep.ts";
import type { Effect, Happening } from "../engine/effect.ts";
import { endingOf } from "../engine/ending.ts";
import type { Surroundings } from "./surroundings.ts";

/** Begins an effect. Whatever becomes of it is told as a happening, and so is a fault of ours: nothing is ever awaited in vain. */
export function perform(effect: Effect, surroundings: Surroundings): void {
  void carryOut(effect, surroundings).then(
    (happening) => {
      if (happening !== null) surroundings.tell(happening);
    },
    async (error: unknown) => {
      const happening = await faultOf(effect, error instanceof Error ? error.message : String(error), surroundings);
      if (happening !== null) surroundings.tell(happening);
    },
  );
}

async function carryOut(effect: Effect, surroundings: Surroundings): Promise<Happening | null> {
  switch (effect.do) {
    case "baseline":
      return { type: "baseline", ...(await measureBase(surroundings)) };
    case "launch": {
      const { task, claim } = effect;
      return { type: "worker-ended", task, claim, ending: await launchWorker(effect, surroundings) };
    }
    case "adopt": {
      const { task, claim } = effect;
      return { type: "worker-ended", task, claim, ending: await adoptWorker(effect, surroundings) };
    }
    case "stop-worker":
      // Its own effect tells the end.
      await stopWorker(effect, surroundings);
      return null;
    case "verify":
      return { type: "judged", task: effect.task, claim: effect.claim, ...(await inspect(effect, surroundings)) };
    case "merge":
      return { type: "merge-ended", tasks: effect.tasks, ...(await mergeStep(effect, surroundings)) };
    default: {
      const never: never = effect;
      throw new Error(`unknown effect ${JSON.stringify(never)}`);
    }
  }
}

async function faultOf(effect: Effect, reason: string, { project, aborted }: Surroundings): Promise<Happening | null> {
  switch (effect.do) {
    case "baseline":
      return { type: "baseline", checks: [], trouble: reason };
    case "stop-worker":
      // It may live: its own effect tells when it does no more.
      return null;
    case "launch":
    case "adopt":
      // Its worker may have begun, and the next one must not stand beside it.
      await endKeeper(join(project, effect.place.folder), effect.claim);
      return {
        type: "worker-ended",
        task: effect.task,
        claim: effect.claim,
        ending: endingOf(aborted.aborted ? "stopped" : "worktree", reason),
      };
    case "verify":
      return {
        type: "judged",
        task: effect.task,
        claim: effect.claim,
        report: null,
        judgement: { kind: "trouble", reason },
      };
    case "merge":
      return {
        type: "merge-ended",
        tasks: effect.tasks,
        merged: [],
        conflicts: [],
        reds: [],
        checks: [],
        trouble: reason,
      };
    default: {
      const never: never = effect;
      throw new Error(`unknown effect ${JSON.stringify(never)}`);
    }
  }
}
