import type { Diagnostic } from "../model/diagnostic.ts";
import type { Place, TextLine } from "../model/place.ts";
import type { FileAccess, FileScope } from "../model/fileScope.ts";
import type { Box, ListedTask, TaskStatus } from "../model/task.ts";
import { readEstimate } from "./estimate.ts";
import { codeSpans, isCriteriaLabel, readFields } from "./fields.ts";
import { stateOf } from "./markdown/tables.ts";
import { findFiles, mergeFiles } from "./paths.ts";
import { readTaskText, type TaskText } from "./taskText.ts";

/** What a reader knows of a task before its words are read. */
interface TaskSeed {
  /** Used when the words name no id. */
  readonly fallbackId: string;
  /** Number of the list item (`3` of `3.`), which is the id when the words name none. */
  readonly number: string | null;
  /** The words after bullet and box, and where they begin. */
  readonly content: string;
  /** The content names no id: it was read before, if there is one. */
  readonly idKnown?: boolean;
  readonly place: Place;
  /** Title line first, then the body, as written. */
  readonly lines: readonly TextLine[];
  readonly status: TaskStatus;
  readonly star?: boolean;
  readonly box: Box | null;
  readonly phaseIndex: number | null;
  readonly phase: string | null;
  readonly parent: string | null;
  /** Criteria found in boxes under the task. */
  readonly acceptance?: readonly string[];
}

interface Details {
  readonly files: FileScope[];
  readonly acceptance: Set<string>;
  readonly requirements: string[];
  readonly verify: string[];
  readonly resources: string[];
  /** From a field such as `**ID**: auth-fix`. */
  id: string | null;
  /** From a field such as `**Status**: done`. */
  status: TaskStatus | null;
  agent: string | null;
  model: string | null;
  effort: string | null;
  estimate: number | null;
}

/** Makes the task that a seed's words describe; faults in its fields go to `diagnostics`. */
export function makeTask(seed: TaskSeed, diagnostics: Diagnostic[]): ListedTask {
  const text = readTaskText(seed.content, seed.number, seed.idKnown);
  const { id: ownId, status: ownStatus, ...details } = readDetails(seed, text, diagnostics);
  const id = (text.id === null || /^\d+$/.test(text.id) ? ownId : null) ?? text.id ?? seed.fallbackId;
  const status = seed.box === null && seed.status === "pending" && ownStatus !== null ? ownStatus : seed.status;
  const below = seed.lines.slice(1).map((line) => line.text);
  return {
    id,
    writtenId: id,
    title: text.title === "" ? id : text.title,
    body: trimBlank(text.detail === "" ? below : [text.detail, ...below]).join("\n"),
    status: text.struck && status !== "done" ? "cancelled" : status,
    phase: seed.phase,
    phaseIndex: seed.phaseIndex,
    parent: seed.parent,
    parallel: text.parallel,
    foundation: text.foundation,
    story: text.story,
    optional: text.optional || seed.star === true,
    gate: /^(?:checkpoint|gate)\b/i.test(text.title),
    ...details,
    estimate: details.estimate ?? text.estimate,
    source: seed.place,
    lines: seed.lines.map(({ text: written, place, fence }) =>
      fence == null ? { text: written, place } : { text: written, place, fence },
    ),
    dependsOn: [],
    blocks: [],
    box: seed.box,
  };
}

function trimBlank(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => line.trim() !== "") + 1);
}

/** Access of the paths after `Create:` and its like. */
const pathFields = new Map<string, FileAccess>([
  ["create", "create"],
  ["new file", "create"],
  ["modify", "modify"],
  ["update", "modify"],
  ["edit", "modify"],
  ["file", "modify"],
  ["files", "modify"],
  ["test", "modify"],
  ["tests", "modify"],
  ["delete", "delete"],
  ["remove", "delete"],
  ["read", "read"],
  ["leverage", "read"],
  ["reference", "read"],
  ["references", "read"],
]);

function readDetails(
  seed: TaskSeed,
  text: TaskText,
  diagnostics: Diagnostic[],
): Omit<Details, "acceptance"> & { acceptance: string[] } {
  const details: Details = {
    files: [],
    acceptance: new Set(seed.acceptance),
    requirements: [],
    verify: [],
    resources: [],
    id: null,
    status: null,
    agent: null,
    model: null,
    effort: null,
    estimate: null,
  };
  let fieldsSeen = 0;
  const verb = /^\W*(\w+)/.exec(text.title)?.[1]?.toLowerCase() ?? "";
  addAll(details.files, findFiles(seed.content, /^(?:delete|remove)$/.test(verb) ? "delete" : "modify"));
  let under: FileAccess | "criteria" | null = null;
  for (const line of seed.lines.slice(1)) {
    if (line.fence != null || line.text.trim() === "") continue;
    const fields = readFields(line.text);
    const item = /^\s*[-*+]\s/.test(line.text);
    if (fields.length === 0) {
      const criterion = line.text.replace(/^\s*[-*+]\s+(?:\[.?\]\s*)?/, "").trim();
      if (isCriteriaLabel(criterion)) under = "criteria";
      else if (under === "criteria" && item) {
        details.acceptance.add(criterion);
      } else {
        if (!item) under = null;
        addAll(details.files, findFiles(line.text, under === "criteria" || under === null ? "modify" : under));
      }
      continue;
    }
    const heading = fields.length === 1 && fields[0]?.value === "";
    if (under === "criteria" && item && !heading && fields.every((field) => !pathFields.has(field.name))) {
      details.acceptance.add(line.text.replace(/^\s*[-*+]\s+(?:\[.?\]\s*)?/, "").trim());
      continue;
    }
    under = null;
    fieldsSeen += 1;
    for (const field of fields) {
      if (field.name === "task id" || (field.name === "id" && fieldsSeen === 1))
        details.id ??= idField(field.value, /\*\*ID\b/i.test(line.text) || field.name === "task id");
      const access = pathFields.get(field.name);
      if (access !== undefined) {
        addAll(details.files, [...findFiles(field.value, access), ...spacedPaths(field.value, access)]);
        if (field.value === "") under = access;
      } else if (isCriteriaLabel(field.name) && field.value === "") under = "criteria";
      else readField(field.name, field.value, { ...line.place, column: field.at + 1 }, details, diagnostics);
    }
  }
  return { ...details, acceptance: [...details.acceptance], files: mergeFiles(details.files) };
}

/** `push(...items)` with more items than the stack holds ends in an error. */
function addAll<Item>(target: Item[], items: readonly Item[]): void {
  for (const item of items) target.push(item);
}

/** A path with spaces is one only in a field of its own, in backticks and with an extension. */
function spacedPaths(value: string, access: FileAccess): FileScope[] {
  return codeSpans(value)
    .filter((span) => /^[\w./-]+ [\w ./-]+\.[A-Za-z]{1,5}$/.test(span) && span.includes("/"))
    .map((path) => ({ path, access }));
}

function readField(name: string, value: string, place: Place, details: Details, diagnostics: Diagnostic[]): void {
  switch (name) {
    case "estimate":
    case "estimated":
    case "estimated time":
    case "estimated effort":
    case "time":
    case "duration":
    case "effort":
    case "size":
    case "effort estimate": {
      if (name === "effort" && /^(?:low|high|xhigh|max)$/i.test(value)) {
        details.effort = value.toLowerCase();
        return;
      }
      const minutes = readEstimate(value);
      if (minutes === "wrong") diagnostics.push(badEstimate(value, place));
      else details.estimate ??= minutes;
      return;
    }
    case "verify":
    case "check":
    case "verification":
    case "validation":
      addAll(details.verify, codeSpans(value));
      return;
    case "acceptance":
    case "acceptance criteria":
    case "done when":
      if (value !== "") details.acceptance.add(value);
      return;
    case "requirements":
    case "requirement":
      addAll(details.requirements, list(value));
      return;
    case "resource":
    case "resources":
      addAll(details.resources, list(value));
      return;
    case "agent":
    case "assigned agent":
    case "assigned implementer":
      details.agent = list(value)[0] ?? null;
      return;
    case "status":
    case "state":
    case "estado":
    case "statut":
    case "статус":
    case "状态":
    case "状態":
    case "상태":
      if (value.length < 60) details.status ??= stateOf(value);
      return;
    case "model":
      if (/^[\w.:/-]{1,60}$/.test(value.replaceAll("`", ""))) details.model = value.replaceAll("`", "");
      return;
    default:
      // `Details: change src/a.ts` names files as a sentence does; `Depends on:` and its like name other tasks' work.
      if (!/d[eéê]pend|block|after|before|prompt|require|abhäng|зависим|依赖|依存|前置|의존/.test(name))
        addAll(details.files, findFiles(value));
  }
}

/** An id written as a field: one word, which no prose would hold unless the label says what it is. */
function idField(value: string, labelled: boolean): string | null {
  const id = value.replaceAll(/[`*]/g, "").trim();
  return /^[A-Za-z0-9][\w.-]{0,63}$/.test(id) && (labelled || /[\d._-]/.test(id)) ? id : null;
}

function list(value: string): string[] {
  const items = value.split(/[,;]/).map((item) => item.replaceAll(/[`[\]"']/g, "").trim());
  return items.filter((item) => item !== "" && !/^(?:none|n\/a|-|—)$/i.test(item));
}

export function badEstimate(value: string, place: Place): Diagnostic {
  return {
    severity: "error",
    rule: "bad-estimate",
    message: `Unexpected estimate \`${value.slice(0, 80)}\``,
    expected: "an amount above 0 with a unit (`30m`, `2h`, `1d`) or a size (`S`, `M`, `L`, `XL`)",
    fix: "write how long the task takes, or leave the estimate out",
    place,
  };
}
