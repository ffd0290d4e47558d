import { isMap, type Node } from "yaml";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { ListedTask, Reference } from "../../model/task.ts";
import { parseData, type Data } from "../data.ts";
import { onlyDoneSatisfies, resolveFields, type Missing } from "../dependencies.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { filesIn, listed, nothing, warn } from "../listed.ts";
import { partsBehindWholes } from "../order.ts";
import { mergeFiles } from "../paths.ts";
import { statusBox, statusOf } from "../statusField.ts";
import { asGraph } from "./taskMaster.ts";
import { itemsOf, textOf, valueOf } from "../values.ts";

/** beads: one issue a line in `.beads/issues.jsonl`. */
export const beads: Format = {
  name: "beads",
  title: "beads issues.jsonl",
  path: /(?:^|\/)\.beads\/(?:issues|beads)\.jsonl$/,
  page: { where: "`.beads/` or the file", order: "what it states", ticked: "its status" },
  hidden: [".beads"],
  waits: {
    kind: "none",
    why: "beads keeps its dependencies in a database; tell it with `bd dep add TASK OTHER` instead",
  },
  detect,
  read,
};

function detect({ markdown }: Source): Detection | null {
  const lines = markdown.lines.filter(({ text }) => text.trim() !== "");
  const first = lines[0];
  if (!first?.text.trimStart().startsWith("{")) return null;
  const issue = parseData(first.text, first.place.file);
  const has = (key: string): boolean => issue.ok && valueOf(issue.value.root, key) !== null;
  if (!has("id") || !has("title") || !has("status") || !(has("issue_type") || has("dependencies"))) return null;
  return {
    score: 0.95,
    evidence: `${lines.length} lines of JSON, each an issue with \`issue_type\` or \`dependencies\``,
  };
}

/** What holds an issue back. All other types (`related`, `discovered-from`, …) are links to read. */
const blocking = new Set(["", "blocks", "conditional-blocks", "waits-for"]);

const missing: Missing = {
  counts: "met",
  where: "another repository, or an issue that was not kept; beads waits only for open issues it knows",
};

function read(source: Source): FormatList {
  const diagnostics: Diagnostic[] = [];
  const setAside: { file: string; line: number; text: string; reason: string }[] = [];
  const issues = source.markdown.lines.flatMap(({ text, place }): ListedTask[] => {
    if (text.trim() === "") return [];
    const aside = (reason: string): [] => {
      setAside.push({ file: source.file, line: place.line, text: text.slice(0, 200), reason });
      return [];
    };
    const data = parseData(text, source.file, place.line);
    if (!data.ok) {
      for (const one of data.diagnostics) diagnostics.push({ ...one, severity: "warning" });
      return aside("no JSON");
    }
    const { root } = data.value;
    if (!isMap(root) || textOf(valueOf(root, "id")) === null) return aside("no issue: it has no id");
    if (textOf(valueOf(root, "status")) === "tombstone") return aside("a deleted issue");
    return [issueOf(root, data.value, source, diagnostics)];
  });
  const resolved = resolveFields(issues, missing);
  const settled = onlyDoneSatisfies(partsBehindWholes(resolved.tasks));
  diagnostics.push(...resolved.diagnostics, ...settled.diagnostics);
  return { ...nothing, tasks: settled.tasks, setAside, diagnostics };
}

function issueOf(root: Node, data: Data, source: Source, diagnostics: Diagnostic[]): ListedTask {
  const text = (key: string): string | null => textOf(valueOf(root, key));
  const id = text("id") ?? "";
  const status = valueOf(root, "status");
  const [description, design, notes] = [text("description"), text("design"), text("notes")];
  const minutes = Number(text("estimated_minutes") ?? Number.NaN);
  let parent: string | null = null;
  let conditional = false;
  const dependsOn = itemsOf(valueOf(root, "dependencies")).flatMap((entry): Reference[] => {
    const target = valueOf(entry, "depends_on_id");
    const other = textOf(target);
    const type = textOf(valueOf(entry, "type")) ?? "";
    const holder = textOf(valueOf(entry, "issue_id")) ?? id;
    if (other === null || holder !== id) return [];
    if (type === "parent-child") parent = other;
    if (!blocking.has(type)) return [];
    if (type === "conditional-blocks") {
      conditional = true;
      const message = `\`${id}\` is to run only if \`${other}\` fails`;
      const fix = "decide by hand; until then it is not started";
      diagnostics.push(warn("conditional-dependency", message, "a dependency that orders tasks", fix, data.at(target)));
    }
    return [asGraph({ text: other, place: data.at(target) })];
  });
  const written = statusOf(textOf(status));
  return listed({
    id,
    title: text("title") ?? id,
    body: [description, design, notes].filter((part) => part !== null && part !== "").join("\n\n"),
    source: data.at(root),
    status: conditional && written === "pending" ? "needs-input" : written,
    parent,
    files: mergeFiles(filesIn(...[description, design].flatMap((part) => part?.split("\n") ?? []))),
    acceptance: (text("acceptance_criteria") ?? "").split("\n").filter((line) => line.trim() !== ""),
    estimate: minutes > 0 && minutes < 1e6 ? minutes : null,
    dependsOn,
    box: statusBox(source, data, status, { done: "closed", open: "open" }),
  });
}
