import type { Plan } from "../model/plan.ts";
import { loadPlan, type PlanRequest } from "./load.ts";
import type { World } from "./command.ts";

/** A part of a list that was named by words, and what it waits for that is neither in it nor done. */
export interface Part {
  /** Ids of both, in the list's order, as `--tasks` takes them. */
  readonly tasks: string;
  readonly missing: readonly string[];
}

/** The headings that tasks of a list stand under, in its order. */
export function headings({ tasks }: Plan): string[] {
  return [...new Set(tasks.flatMap(({ phase }) => phase ?? []))];
}

/**
 * The tasks of a stream, phase or story by its name, such as `Stream-B`, `stream b`, `Phase 2` or `T003-T005`, with everything
 * that they wait for. Null when the list has nothing of that name, or cannot be planned.
 */
export function partNamed(name: string, request: PlanRequest, world: World): Part | null {
  const { tasks: _, only: __, ...whole } = request;
  const chosen = loadPlan({ ...whole, only: name }, world).outcome;
  const all = loadPlan(whole, world).outcome;
  if (!all.ok) return null;
  const named = new Set(chosen.ok ? chosen.value.tasks.map((task) => task.id) : under(name, all.value));
  if (named.size === 0) return null;
  const needed = withNeeds(all.value, named);
  const kept = all.value.tasks.flatMap(({ id }) => (needed.has(id) ? id : []));
  return { tasks: kept.join(","), missing: kept.filter((id) => !named.has(id)) };
}

/** Tasks under the only heading that begins with these words, whatever their case and what stands between them. */
function under(name: string, plan: Plan): string[] {
  const plain = (text: string): string =>
    `${text
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean)
      .join(" ")} `;
  const [heading, ...others] = headings(plan).filter((each) => plain(each).startsWith(plain(name)));
  return others.length > 0 ? [] : plan.tasks.flatMap(({ id, phase }) => (phase === heading ? id : []));
}

function withNeeds(plan: Plan, named: ReadonlySet<string>): ReadonlySet<string> {
  const open = new Set(plan.batches.flat());
  const needed = new Set(named);
  for (let grown = -1; grown !== needed.size;) {
    grown = needed.size;
    for (const { from, to } of plan.edges) if (needed.has(to) && open.has(from)) needed.add(from);
  }
  return needed;
}
