import type { Format } from "../format.ts";
import { declared, entriesAt, field, has } from "../declared.ts";
import { partsBehindWholes } from "../order.ts";

const copy = (tool: string): Pick<Format, "waits" | "page"> => ({
  page: { where: "the file", order: "what it states", ticked: "the ledger" },
  waits: { kind: "none", why: `the file is a copy; add the blocking issue in ${tool} and export again` },
});

/** Linear: issues exported as CSV. */
export const linear = declared({
  name: "linear",
  title: "Linear CSV export",
  path: /(?:^|\/)[^/]*(?:linear|issues|export)[^/]*\.csv$/i,
  ...copy("Linear"),
  entries: (source) => entriesAt(source),
  own: (entry) => /^[A-Z][A-Z0-9]*-\d+$/.test(field(entry, "ID") ?? "") && has(entry, "Title") && has(entry, "Status"),
  evidence: "rows with `ID`, `Title` and `Status`",
  score: 0.9,
  fields: {
    id: ["ID"],
    title: ["Title"],
    body: ["Description"],
    status: ["Status"],
    waits: ["Blocked by"],
    blocks: ["Blocking", "Blocks"],
    names: ["UUID"],
    parent: ["Parent issue", "Parent"],
  },
  statuses: { duplicate: "cancelled" },
  tick: null,
  missing: { counts: "met", where: "not in this export: another team, or archived" },
  graph: true,
  settle: (tasks) => ({ tasks: partsBehindWholes(tasks) }),
});

/** Jira: issues exported as CSV, where each link has a column of its own. */
export const jira = declared({
  name: "jira",
  title: "Jira CSV export",
  path: /(?:^|\/)[^/]*(?:jira|issues|export)[^/]*\.csv$/i,
  ...copy("Jira"),
  entries: (source) => entriesAt(source),
  own: (entry) => has(entry, "Issue key") && has(entry, "Summary"),
  evidence: "rows with `Issue key` and `Summary`",
  fields: {
    id: ["Issue key"],
    title: ["Summary"],
    body: ["Description"],
    status: ["Status"],
    waits: ["Inward issue link (Blocks)", "Inward issue link (Blocker)", "Inward issue link (Dependency)"],
    blocks: ["Outward issue link (Blocks)", "Outward issue link (Blocker)"],
    names: ["Issue id"],
  },
  tick: null,
  missing: { counts: "met", where: "not in this export: another project, or left out by the filter" },
  graph: true,
  more: (entry) => {
    const seconds = Number(field(entry, "Original estimate", "Original Estimate") ?? Number.NaN);
    return {
      parent: field(entry, "Parent key", "Parent", "Parent id", "Epic Link"),
      estimate: seconds >= 60 && seconds < 6e7 ? seconds / 60 : null,
    };
  },
  settle: (tasks, entries) => {
    const keys = new Map(entries.map((entry) => [field(entry, "Issue id"), field(entry, "Issue key")]));
    const withKeys = tasks.map((task) => ({ ...task, parent: keys.get(task.parent) ?? task.parent }));
    return { tasks: partsBehindWholes(withKeys) };
  },
});
