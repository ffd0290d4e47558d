import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shop } from "../github/project.ts";
import { askIn, makeGitHub } from "../github/server.ts";

const page = readFileSync("docs/github.md", "utf8");

test("the example in docs/github.md is what the command prints", async () => {
  const parts = [1235, 1236, 1237, 1238, 1239].map((number) => `octo/shop#${number}`);
  const blockedBy = ["octo/shop#1235"];
  const github = await makeGitHub(
    {
      at: "octo/shop#1234",
      title: "Implement the shopping cart",
      body: "## Acceptance criteria\n- [ ] The whole test suite passes\n",
      subIssues: parts,
    },
    { at: "octo/shop#1235", title: "Cart data model", body: "Create `models/cart.py`.\n\nEstimate: 20m\n" },
    { at: "octo/shop#1236", title: "Cart API endpoints", body: "Create `api/cart.py`.\n", blockedBy },
    { at: "octo/shop#1237", title: "Cart persistence layer", body: "Create `db/cart.py`.\n", blockedBy },
    { at: "octo/shop#1238", title: "Cart UI components", body: "Create `ui/cart.ts`.\n" },
    {
      at: "octo/shop#1239",
      title: "Cart integration tests",
      body: "Create `tests/test_cart.py`.\n\nDepends on #1236, #1237 and #1238\n",
    },
  );
  const { out, code } = await askIn(shop(), github, ["plan", "1234"], { columns: 100 });
  expect(code).toBe(0);
  const [before = "", rest = ""] = page.split("<!-- output -->\n");
  const after = rest.slice(rest.indexOf("<!-- end of output -->"));
  await expect(`${before}<!-- output -->\n\`\`\`text\n${out}\`\`\`\n${after}`).toMatchFileSnapshot(
    "../../docs/github.md",
  );
});

test("docs/github.md explains every message about issues, and no other", () => {
  const rules = new Set<string>();
  for (const name of readdirSync("src/github")) {
    const text = readFileSync(join("src/github", name), "utf8");
    for (const [, rule = ""] of text.matchAll(/(?:rule: |githubProblem\(\s*)"([a-z-]+)"/g)) rules.add(rule);
  }
  const explained = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, rule = ""]) => rule);
  expect(explained.toSorted()).toEqual([...rules].toSorted());
});
