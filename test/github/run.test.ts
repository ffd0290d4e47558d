import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseSnapshot } from "../../src/github/snapshot.ts";
import { askIn, makeGitHub, type FakeIssue, type GitHub } from "./server.ts";
import { shop } from "./project.ts";

const issues: readonly FakeIssue[] = [
  {
    at: "octo/shop#1",
    title: "Cart",
    body: "## Acceptance criteria\n- The suite passes\n",
    subIssues: ["octo/shop#2", "octo/shop#3"],
  },
  { at: "octo/shop#2", title: "Model", body: "Create `model.ts`.\n\n### Acceptance criteria\n- Holds 100 items\n" },
  { at: "octo/shop#3", title: "View", body: "Create `view.ts`.", blockedBy: ["octo/shop#2"] },
];

async function started(
  github: GitHub,
): Promise<{ folder: string; run: string; ask: (...line: string[]) => Promise<string> }> {
  const folder = shop();
  const ask = async (...line: string[]): Promise<string> => {
    const env = { ...github.env, CLAUDE_CODE_SESSION_ID: "s1" };
    const { out, err } = await askIn(folder, github, line, { env });
    return out + err;
  };
  expect(await ask("start", "1")).toContain("is started: 2 tasks");
  const [run = ""] = readdirSync(join(folder, ".orchestrate/runs"));
  return { folder, run, ask };
}

test("a preview writes nothing, and a run keeps what it read", async () => {
  const github = await makeGitHub(...issues);
  const folder = shop();
  await askIn(folder, github, ["plan", "1"]);
  expect(existsSync(join(folder, ".orchestrate"))).toBe(false);
  const { folder: project, run } = await started(github);
  const kept = parseSnapshot(readFileSync(join(project, ".orchestrate/runs", run, "issue.json"), "utf8"));
  expect(kept?.issues.map(({ number, title }) => [number, title])).toEqual([
    [1, "Cart"],
    [2, "Model"],
    [3, "View"],
  ]);
});

test("the plan that was shown is the one that starts; after an edit it is refused", async () => {
  const github = await makeGitHub(...issues);
  const folder = shop();
  const preview = await askIn(folder, github, ["request", "-", "--project", folder, "--session", "s1"], {
    stdin: () => "#1",
  });
  const [, hash = ""] = /--expect ([0-9a-f]{12})/.exec(preview.out) ?? [];
  github.put({
    at: "octo/shop#3",
    title: "View",
    body: "Create `view.ts` and `other.ts`.",
    blockedBy: ["octo/shop#2"],
  });
  const late = await askIn(folder, github, ["start", "octo/shop#1", "--expect", hash, "--session", "s1"]);
  expect(late.err).toContain("[stale-plan]");
  github.put(...issues);
  expect((await askIn(folder, github, ["start", "octo/shop#1", "--expect", hash, "--session", "s1"])).code).toBe(0);
});

test("criteria of the sub-issue and of the whole reach the worker, and it is told to write nothing on GitHub", async () => {
  const { ask } = await started(await makeGitHub(...issues));
  const brief = await ask("brief", "2", "--claim", "c1");
  expect(brief).toContain("Holds 100 items");
  expect(brief).toContain("The suite passes (of the whole issue)");
  expect(brief).toContain("Write nothing there: no comment, no pull request, no change of its state.");
  expect(brief).not.toContain("ticked");
});

test("resume works without the network, and says that it could not look", async () => {
  const github = await makeGitHub(...issues);
  const { ask } = await started(github);
  await ask("stop");
  await github.close();
  const said = await ask("resume");
  expect(said).toContain("Whether octo/shop#1 was edited cannot be seen now");
  expect(said).toContain("Agent(");
  expect(said).not.toContain("changed: going on with a new revision");
});

test("an issue edited meanwhile is noticed and said, and the run goes on with what it read", async () => {
  const github = await makeGitHub(...issues);
  const { folder, run, ask } = await started(github);
  await ask("stop");
  github.put(
    { at: "octo/shop#1", title: "Cart", subIssues: ["octo/shop#2", "octo/shop#3", "octo/shop#4"] },
    { at: "octo/shop#2", title: "Model", body: "Create `elsewhere.ts`.", state: "closed" },
    { at: "octo/shop#4", title: "More" },
  );
  const said = await ask("resume");
  expect(said).toContain("octo/shop#1 reads otherwise than when the run began");
  expect(said).toContain("octo/shop#1, octo/shop#2 edited; octo/shop#4 added; octo/shop#2 closed");
  expect(said).toContain("The run goes on with what it read");
  expect(readdirSync(join(folder, ".orchestrate/runs", run)).filter((name) => name.startsWith("plan-"))).toHaveLength(
    1,
  );
});

test("an issue that was not edited is no news", async () => {
  const github = await makeGitHub(...issues);
  const { ask } = await started(github);
  await ask("stop");
  const said = await ask("resume");
  expect(said).not.toContain("octo/shop#1 reads otherwise");
  expect(said).not.toContain("cannot be seen");
});
