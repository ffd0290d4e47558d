import fc from "fast-check";
import { expect, test } from "vitest";
import { readText } from "../../src/lists/readList.ts";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";

/** Ways to state that a task waits for something, in the title line (`inline`) or below it. */
const notations: readonly ((what: string) => string)[] = [
  (what) => ` (depends on ${what})`,
  (what) => ` (depends\n  on ${what})`,
  (what) => ` (blocked by ${what},\n  see above)`,
  (what) => ` - depends on ${what}`,
  (what) => `\n  Depends on: ${what}`,
  (what) => `\n  **Dependencies:** ${what}`,
  (what) => `\n  - Blocked by: ${what}`,
  (what) => `\n  - Dependencies:\n    - ${what}`,
  (what) => `\n  - **Depends on:**\n    - ${what}\n  - Estimate: 2h`,
  (what) => `\n  _Depends: ${what}_`,
];
/** What is waited for: an id, quoted or linked, a title, words that fit several titles, words that fit none. */
const named = [
  "T001",
  '"T001"',
  "[[T001]]",
  "`T001`",
  "Task 1",
  "schema",
  "Create the schema",
  "the model",
  "the ranking service",
  "nonsense",
];

test("a statement about order is never dropped without a word, in any notation", () => {
  fc.assert(
    fc.property(fc.constantFrom(...notations), fc.constantFrom(...named), fc.boolean(), (notation, what, done) => {
      const text = [
        "# Shop\n",
        `- [${done ? "x" : " "}] T001 Create the schema in \`a.sql\``,
        "- [ ] T002 Write the user model in `b.ts`",
        "- [ ] T003 Write the order model in `c.ts`",
        `- [ ] T004 Add the page in \`d.ts\`${notation(what)}`,
        "",
      ].join("\n");
      const list = readText(text, "list.md", { format: "markdown" });
      const graph = list.ok ? link(list.value, defaultConfig) : list;
      const said = (graph.ok ? graph.value.diagnostics : graph.diagnostics).some(({ rule }) =>
        /^(?:unknown|ambiguous)-dependency$|^not-a-task$/.test(rule),
      );
      const edges = graph.ok ? graph.value.edges.filter(({ to, kind }) => to === "T004" && kind === "stated") : [];
      expect(said || edges.length > 0, text).toBe(true);
      // and what cannot be resolved does not start with the first
      if (said && graph.ok)
        expect(
          graph.value.edges.some(({ to }) => to === "T004"),
          text,
        ).toBe(true);
    }),
    { numRuns: 400 },
  );
});
