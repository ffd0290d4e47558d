import type { ProseLine } from "../../model/list.ts";
import type { Context } from "./ids.ts";
import { readReferences } from "./references.ts";
import type { Found } from "./statement.ts";
import { words } from "./words.ts";

interface Stage {
  readonly noun: string;
  readonly number: number;
  readonly sequential: boolean;
  readonly tasks: number[];
  readonly line: ProseLine;
}

const label = /^[\s*_>#-]*(stage|phase|batch|wave|round)\s+(\d{1,3})\b([^:：]{0,60})[:：]\**\s*(?:\/[\w-]+\s*)?(.*)$/i;

/**
 * Stages that a list names by their tasks: `Batch 1: Tasks 1, 2, 4`, `Phase 2 (Parallel): /orchestrate tasks 4-8`, or a
 * label with the tasks as bullets below it. Each waits for the one before it; inside a sequential one the tasks go in order.
 */
export function orderedByStages(context: Context, found: Found): void {
  let open: Stage | null = null;
  let last: Stage | null = null;
  const close = (): void => {
    if (open === null || open.tasks.length === 0) return;
    if (last !== null && last.noun === open.noun && last.number + 1 === open.number) join(last, open, found);
    if (open.sequential) inOrder(open, found);
    last = open;
    open = null;
  };
  for (const line of context.groups.list.prose) {
    const [, noun = "", number = "", note = "", rest = ""] = label.exec(line.text) ?? [];
    if (noun !== "") {
      close();
      const tasks = tasksIn(context, rest);
      open = { noun: noun.toLowerCase(), number: Number(number), sequential: /sequential/i.test(note), tasks, line };
    } else if (open !== null && /^\s*[-*+•]\s/.test(line.text)) open.tasks.push(...tasksIn(context, line.text));
    else if (line.text.trim() !== "" && !/^\s*\/\w/.test(line.text)) close();
  }
  close();
}

/** Tasks that a text begins with, by their ids. */
function tasksIn(context: Context, text: string): number[] {
  const cut = words(text.replace(/^\s*[-*+•]\s+/, "").replace(/^\s*\/[\w-]+\s*/, ""));
  const { operands } = readReferences(context, cut, 0, { numbers: false, named: false });
  return operands.flatMap((operand) => (operand.kind === "tasks" && !operand.whole ? operand.tasks : []));
}

function join(first: Stage, second: Stage, found: Found): void {
  found.statements.push({
    before: { tasks: first.tasks, whole: true },
    after: { tasks: second.tasks, whole: true },
    kind: "phase",
    evidence: second.line.text.trim().slice(0, 300),
    source: second.line.place,
    confidence: 0.9,
  });
}

function inOrder({ tasks, line }: Stage, found: Found): void {
  for (const [at, task] of tasks.entries()) {
    const before = tasks[at - 1];
    if (before === undefined) continue;
    found.statements.push({
      before: { tasks: [before], whole: false },
      after: { tasks: [task], whole: false },
      kind: "order",
      evidence: line.text.trim().slice(0, 300),
      source: line.place,
      confidence: 0.9,
    });
  }
}
