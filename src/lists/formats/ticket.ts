import { declared, filesAsEntries, has } from "../declared.ts";
import { partsBehindWholes } from "../order.ts";
import { inField } from "../write/syntax.ts";

const inFolder = /^(.*\/)?\.tickets\/[^/]+\.md$/;
const named = /^(.*\/)?[a-z][a-z0-9]*-(?:[0-9a-f]{4}|(?=[a-z0-9]{0,7}\d)[a-z0-9]{4,8})\.md$/i;

/** tk: `.tickets/nw-5c46.md`, a file for each ticket with `deps` in its front matter. */
export const ticket = declared({
  name: "ticket",
  title: "tk tickets",
  path: /(?:^|\/)\.tickets\//,
  folder: (path) => {
    const own = inFolder.exec(path);
    if (own) return `${own[1] ?? ""}.tickets/`;
    const other = named.exec(path);
    return other ? (other[1] ?? "") : null;
  },
  hidden: [".tickets"],
  page: { where: "`.tickets/`", order: "what it states", ticked: "its front matter" },
  waits: inField("deps"),
  entries: (source) =>
    filesAsEntries(source, /\.md$/).filter((entry) => has(entry, "deps", "links") && has(entry, "id")),
  own: (entry) => has(entry, "deps") && has(entry, "status") && has(entry, "links", "type", "priority"),
  evidence: "files with `id`, `status` and `deps`",
  fields: {
    id: ["id"],
    title: ["title"],
    status: ["status"],
    waits: ["deps"],
    parent: ["parent"],
  },
  tick: { done: "closed", open: "open" },
  missing: { counts: "unmet", where: "no ticket of this folder" },
  sorted: true,
  settle: (tasks) => ({ tasks: partsBehindWholes(tasks) }),
});
