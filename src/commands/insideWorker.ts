import { tokenVariable } from "../process/sweep.ts";
import type { Answer, World } from "./command.ts";

/** The refusal for a worker that would start a run of its own: agents that start agents end nowhere. Null for everybody else. */
export function insideWorker(world: World): Answer | null {
  if (world.env[tokenVariable] === undefined) return null;
  return {
    out: "",
    err: "error: a worker of a run cannot start or resume a run; do the one task of the brief, and report what else is to be done [nested-run]\n",
    code: 1,
  };
}
