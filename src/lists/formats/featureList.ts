import { isMap, isSeq } from "yaml";
import { declared, entriesAt, has, type Entry } from "../declared.ts";
import type { Source } from "../format.ts";
import { booleanOf, textOf, valueOf } from "../values.ts";
import { inField } from "../write/syntax.ts";

/** `feature_list.json` of long-running agents: features that pass or not, or that have a status. */
export const featureList = declared({
  name: "feature-list",
  title: "feature_list.json",
  path: /(?:^|[/._-])feature[_-]list\.json$/,
  page: { where: "the file", order: "what it states", ticked: "its `passes` or status" },
  waits: inField("depends_on", "dependencies"),
  entries,
  own: (entry) =>
    has(entry, "id", "name", "title", "description") &&
    // Entries of other lists have statuses too: under `features` an entry is one by its key.
    (booleanOf(valueOf(entry.node, "passes")) !== null || (isMap(entry.data.root) && has(entry, "status"))),
  evidence: "features with `passes` or a status",
  score: 0.9,
  fields: {
    id: ["id", "feature_id"],
    title: ["title", "name", "description"],
    body: ["description", "notes"],
    status: ["passes", "passing", "status", "state"],
    waits: ["depends_on", "dependencies", "requires", "blocked_by"],
    acceptance: ["steps", "acceptance_criteria", "acceptance", "verification"],
    files: { modify: ["files"] },
  },
  statuses: { passing: "done", passed: "done", pass: "done", verified: "done", failing: "pending" },
  tick: { done: "done", open: "pending", asListed: true },
  missing: { counts: "unmet", where: "no feature of this file" },
  listTitle: ({ data }) => textOf(valueOf(data?.root, "project", "name")),
});

function entries(source: Source): Entry[] {
  return isSeq(source.data?.root) ? entriesAt(source) : entriesAt(source, "features");
}
