import { declared, entriesAt, field, has } from "../declared.ts";
import { booleanOf, textOf, valueOf } from "../values.ts";
import { inField } from "../write/syntax.ts";

/** Ralph: `prd.json`, user stories that a loop takes one by one, by priority, until each `passes`. */
export const ralph = declared({
  name: "ralph",
  title: "Ralph prd.json",
  path: /(?:^|[/-])prd\.json$/,
  page: { where: "the file", order: "one after another, unless it states", ticked: "its `passes`" },
  waits: inField("dependsOn", "dependencies"),
  entries: (source) => entriesAt(source, "userStories"),
  own: (entry) => has(entry, "passes", "acceptanceCriteria"),
  evidence: "`userStories` with `passes`",
  fields: {
    id: ["id"],
    title: ["title"],
    body: ["description", "notes"],
    status: ["passes"],
    waits: ["dependsOn", "dependencies"],
    acceptance: ["acceptanceCriteria"],
    mentions: ["description", "acceptanceCriteria"],
  },
  tick: { done: "true", open: "false" },
  missing: { counts: "unmet", where: "no story of this file" },
  // The loop goes by priority; where stories name what they wait for, that is the order.
  order: "sequence unless stated",
  listTitle: ({ data }) => textOf(valueOf(data?.root, "project")),
  more: ({ node }, { status }) => ({
    status: status === "pending" && booleanOf(valueOf(node, "inProgress")) === true ? "running" : status,
  }),
  settle: (tasks, entries) => {
    const priority = new Map(
      entries.map((entry, at) => [tasks[at], Number(field(entry, "priority") ?? at + 1)] as const),
    );
    return { tasks: tasks.toSorted((a, b) => (priority.get(a) ?? 0) - (priority.get(b) ?? 0) || 0) };
  },
});
