import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { Plan } from "../../src/model/plan.ts";
import { makeProject } from "../commands/world.ts";
import { askIn, makeGitHub, type FakeIssue, type GitHub } from "./server.ts";

/** A project whose remote is octo/shop. */
function shop(files: Readonly<Record<string, string>> = {}): string {
  const { folder } = makeProject(files);
  execFileSync("git", ["init", "-q"], { cwd: folder });
  execFileSync("git", ["remote", "add", "origin", "git@github.com:octo/shop.git"], { cwd: folder });
  return folder;
}

const cart: readonly FakeIssue[] = [
  {
    at: "octo/shop#1234",
    title: "Implement the shopping cart",
    body: "Everything for the cart.\n\n## Acceptance Criteria\n- [ ] The whole test suite passes\n",
    subIssues: ["octo/shop#1235", "octo/shop#1236", "octo/shop#1237"],
  },
  { at: "octo/shop#1235", title: "Cart data model", body: "Create `models/cart.py`.", state: "closed" },
  {
    at: "octo/shop#1236",
    title: "Cart API endpoints",
    body: "Create `api/cart.py`.\n\n### Acceptance criteria\n- A cart of 100 items loads\n\nEstimate: 30m\n",
    blockedBy: ["octo/shop#1235"],
  },
  { at: "octo/shop#1237", title: "Cart UI components", body: "Create `ui/cart.ts`.\n\nDepends on #1236\n" },
];

async function planOf(github: GitHub, folder: string, ...line: string[]): Promise<Plan> {
  const { out, err } = await askIn(folder, github, ["plan", "--json", ...line]);
  expect(err).toBe("");
  return Plan.parse(JSON.parse(out));
}

test("native sub-issues, dependencies and bodies become the plan", async () => {
  const github = await makeGitHub(...cart);
  const plan = await planOf(github, shop(), "1234");
  expect(plan.source).toEqual(["octo/shop#1234"]);
  expect(plan.title).toBe("Implement the shopping cart");
  expect(plan.tasks.map(({ id, title, status, estimate }) => [id, title, status, estimate])).toEqual([
    ["1235", "Cart data model", "done", 15],
    ["1236", "Cart API endpoints", "pending", 30],
    ["1237", "Cart UI components", "pending", 15],
  ]);
  expect(plan.edges.map(({ from, to, evidence }) => [from, to, evidence])).toEqual([
    ["1235", "1236", "blocked by octo/shop#1235 on GitHub"],
    ["1236", "1237", "Depends on #1236"],
  ]);
  expect(plan.tasks[1]?.files).toEqual([{ path: "api/cart.py", access: "create" }]);
  expect(plan.tasks[1]?.acceptance).toEqual([
    "A cart of 100 items loads",
    "The whole test suite passes (of the whole issue)",
  ]);
});
