import { visible } from "../text/escape.ts";
import type { Plan } from "../model/plan.ts";

const LONGEST_LABEL = 60;

/**
 * The graph as Mermaid text, which GitHub draws. Nodes are numbered by position, so that no foreign text is syntax;
 * tasks that are done look so; a dotted line joins tasks that may not run together.
 */
export function mermaid(plan: Plan): string {
  const node = new Map(plan.tasks.map((task, position) => [task.id, `t${position}`]));
  const lines = ["flowchart TD"];
  for (const task of plan.tasks) {
    lines.push(
      `  ${node.get(task.id)}["${label(`${task.id} ${task.title}`)}"]${task.status === "done" ? ":::done" : ""}`,
    );
  }
  for (const edge of plan.edges) lines.push(`  ${node.get(edge.from)} --> ${node.get(edge.to)}`);
  for (const { tasks, on } of plan.conflicts) {
    lines.push(`  ${node.get(tasks[0])} -. "${label(on)}" .- ${node.get(tasks[1])}`);
  }
  const done = plan.tasks.some((task) => task.status === "done");
  return `${[...lines, ...(done ? ["  classDef done opacity:0.5"] : [])].join("\n")}\n`;
}

/** Mermaid reads entities written `#35;`, Markdown and HTML inside labels: everything but plain words is one. */
function label(text: string): string {
  const short = [...text].length > LONGEST_LABEL ? `${[...text].slice(0, LONGEST_LABEL - 1).join("")}…` : text;
  return visible(short).replace(/[^\p{L}\p{N}\p{M} .,:/_…-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}
