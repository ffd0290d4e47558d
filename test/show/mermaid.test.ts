import fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { mermaid } from "../../src/show/mermaid.ts";
import { makeProject } from "../commands/world.ts";

async function drawn(list: string): Promise<string> {
  const { ask } = makeProject({ "tasks.md": list });
  const { out } = await ask(["plan", "tasks.md", "--json"]);
  return mermaid(JSON.parse(out) as Plan);
}

test("nodes have their task's title, arrows go from what must be done first, dotted lines join what may not run together", async () => {
  const list =
    "- [ ] T001 [P] Read in src/a.ts\n- [ ] T002 [P] Write in src/a.ts\n- [ ] T003 Test in test/a.ts (depends on T001, T002)\n";
  expect(await drawn(list)).toBe(
    [
      "flowchart TD",
      '  t0["T001 Read in src/a.ts"]',
      '  t1["T002 Write in src/a.ts"]',
      '  t2["T003 Test in test/a.ts"]',
      "  t0 --> t2",
      "  t1 --> t2",
      '  t0 -. "src/a.ts" .- t1',
      "",
    ].join("\n"),
  );
});

test("no title is read as syntax", async () => {
  const label = /^ {2}t0\["(?:[\p{L}\p{N}\p{M} .,:/_…-]|#\d+;)*"\]$/u;
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (title) => {
      const list = { tasks: [{ id: "1", title: `a${title}` }] };
      const { ask } = makeProject();
      const { out } = await ask(["plan", "-", "--mermaid"], { stdin: () => JSON.stringify(list) });
      expect(out.split("\n")[1] ?? "").toMatch(label);
    }),
    { numRuns: 50 },
  );
});
