import type { TaskList } from "../../model/list.ts";
import type { ListedTask } from "../../model/task.ts";
import { withAliases } from "./aliases.ts";
import { drawnWithArrows } from "./arrows.ts";
import { heldByGates } from "./gates.ts";
import { taskGroups } from "./groupIndex.ts";
import { statedByOrder } from "./order.ts";
import { finishedByChildren, passedToChildren } from "./parents.ts";
import { orderedByPhases } from "./phases.ts";
import { heldBack } from "./unresolved.ts";
import { orderedByStages } from "./stages.ts";
import type { Context } from "./ids.ts";
import { taskNames } from "./resolve.ts";
import { statedInSections, tasksAsDescribed, type Beside } from "./sections.ts";
import { statedByTasks } from "./stated.ts";
import { lastDescendants, type Found } from "./statement.ts";

/** Everything that the list states or its format implies about order, and the tasks with what sections say of them. */
export function statementsOf(
  list: TaskList,
): Found & { readonly tasks: readonly ListedTask[]; readonly context: Context } {
  const names = taskNames(list.tasks);
  const read = withAliases({ names, groups: taskGroups(list), lastDescendant: lastDescendants(names) });
  const tasks = tasksAsDescribed(read);
  const context: Context = { ...read, names: { ...names, tasks } };
  const found: Found = { statements: [], diagnostics: [], unresolved: [] };
  const beside: Beside = new Set();
  statedByTasks(context, found);
  statedInSections(context, found, beside);
  drawnWithArrows(context, found);
  found.statements.push(...passedToChildren(context, found.statements));
  finishedByChildren(context, found);
  heldByGates(context, found);
  orderedByPhases(context, found, beside);
  orderedByStages(context, found);
  statedByOrder(context, found);
  heldBack(context, found);
  return { ...found, tasks, context };
}
