import type { Config } from "../../model/config.ts";
import type { Alone } from "../../model/graph.ts";
import type { Phase } from "../../model/list.ts";
import type { ListedTask } from "../../model/task.ts";
import { saidParallel } from "../statements/order.ts";

/** The reason that a person, or the model, can do away with by an answer. */
export const unknownFiles = "it names no files, and nothing says that it may run beside others";

/** Tasks that may run beside no other in one working tree: checkpoints, and those whose files nobody knows or vouches for. */
export function runningAlone(tasks: readonly ListedTask[], phases: readonly Phase[], config: Config): Alone[] {
  return tasks.flatMap((task) => {
    const reason = whyAlone(task, phases, config);
    return reason === null ? [] : { task: task.id, reason };
  });
}

function whyAlone(task: ListedTask, phases: readonly Phase[], config: Config): string | null {
  if (task.gate) return "it is a checkpoint";
  const said = saidParallel(task, phases);
  if (said === false)
    return task.parallel === false
      ? "the list says that it is sequential"
      : "its heading says that its tasks run one after another";
  if (task.files.length > 0 || said === true || config.parallel) return null;
  return unknownFiles;
}
