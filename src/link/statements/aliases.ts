import type { Context } from "./ids.ts";
import { readReferences } from "./references.ts";
import { words } from "./words.ts";

const definition =
  /^\s*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?[*_]{0,2}([A-Za-z][\w ./-]{2,50}?)[*_]{0,2}\s*\((?=[^()]*\d)[^()]{2,120}\)/;

/**
 * The context with the names that the list's prose gives to groups of tasks: `Backend utilities (T014-T024) can run in
 * parallel` lets a later line say `depend on backend utilities`. A name given twice for different tasks is none.
 */
export function withAliases(context: Context): Context {
  const found = new Map<string, { words: readonly string[]; tasks: readonly number[] } | null>();
  for (const { text, fence } of context.groups.list.prose) {
    if (fence !== null || !text.includes("(")) continue;
    const name = definition.exec(text)?.[1];
    if (name === undefined) continue;
    const spelled = words(name).map(({ lower }) => lower);
    const cut = words(text);
    const open = cut.findIndex((word) => word.text === "(");
    const close = cut.findIndex((word) => word.text === ")");
    if (spelled.length > 5 || open < 1 || close < open) continue;
    const inside = cut.slice(open + 1, close);
    const reading = readReferences(context, inside, 0, { numbers: false, named: false });
    const tasks = reading.operands.flatMap((operand) =>
      operand.kind === "tasks" && !operand.whole ? operand.tasks : [],
    );
    if (reading.next < inside.length || tasks.length === 0) continue;
    const key = spelled.join(" ");
    const known = found.get(key);
    if (known === undefined) found.set(key, { words: spelled, tasks });
    else if (known !== null && known.tasks.join() !== tasks.join()) found.set(key, null);
  }
  if (found.size === 0) return context;
  const byTitle = new Map(context.groups.byTitle);
  for (const alias of found.values()) {
    const first = alias?.words[0];
    if (alias === null || first === undefined) continue;
    const known = byTitle.get(first) ?? [];
    if (known.some((title) => title.words.join(" ") === alias.words.join(" "))) continue;
    byTitle.set(
      first,
      [...known, alias].toSorted((a, b) => b.words.length - a.words.length),
    );
  }
  return { ...context, groups: { ...context.groups, byTitle } };
}
