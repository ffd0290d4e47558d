import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import type { EdgeKind } from "../../src/model/graph.ts";
import { listOf } from "./make.ts";

/** The edges of a list as `kind from→to`, sorted; of one kind without the kind. */
export function edgesOf(text: string, file = "tasks.md", kind?: EdgeKind): string[] {
  const graph = link(listOf(text, file), defaultConfig);
  if (!graph.ok) throw new Error(`not linked: ${JSON.stringify(graph.diagnostics)}`);
  const edges = graph.value.edges.filter((edge) => kind === undefined || edge.kind === kind);
  return edges.map((edge) => `${kind === undefined ? `${edge.kind} ` : ""}${edge.from}→${edge.to}`).toSorted();
}

/** A real file: every box is a task or set aside, and ids are what `read` says they are. */
export function unaccounted(text: string, file: string): number {
  const list = listOf(text, file);
  const boxes = list.setAside.filter((one) =>
    /^[\s>]*(?:<!--\s*)?(?:[-*+]|\d+[.)])\s*\[[^\]]{0,4}\]/.test(one.text),
  ).length;
  const own = list.tasks.filter(({ box }) => box !== null && /^[\s>]*(?:[-*+]|\d+[.)])/.test(box.lineText)).length;
  return list.boxes - boxes - own;
}
