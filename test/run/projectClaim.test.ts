import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readCurrent } from "../../src/run/current.ts";
import { claimProject, projectHolder } from "../../src/run/projectClaim.ts";
import { createRun, type Beginning } from "../../src/run/store.ts";
import { makePlan } from "../makePlan.ts";
import { makeProject } from "../commands/world.ts";

const beginning: Beginning = { session: null, engine: "headless", asked: { sources: ["tasks.md"], flags: {} } };
const plan = makePlan({ tasks: ["T1"] });

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-claim-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, ".orchestrate"));
  return folder;
}

test("of many runs that saw the project free, exactly the first claim counts", () => {
  const folder = makeFolder();
  const runs = Array.from({ length: 20 }, (_, number) => `r${number}`);
  expect(runs.map((run) => claimProject(folder, run, null))).toEqual(runs.map(() => "r0"));
});

test("a claim replaces the one that its maker saw, and no later one", () => {
  const folder = makeFolder();
  claimProject(folder, "r1", null);
  const seen = projectHolder(folder)?.token ?? null;
  expect(claimProject(folder, "r2", seen)).toBe("r2");
  expect(claimProject(folder, "r3", seen)).toBe("r2");
  expect(claimProject(folder, "r4", null)).toBe("r2");
  expect(projectHolder(folder)?.run).toBe("r2");
});

test.each([
  ["half a claim", '{"run":"r0","tok'],
  ["a whole claim without its line end", '{"run":"r0","token":"t0","after":null}'],
  ["zeros", "\0\0\0"],
])("a claim behind the torn end of a killed writer counts: %s", (_, torn) => {
  const folder = makeFolder();
  writeFileSync(join(folder, ".orchestrate/claims.jsonl"), torn);
  const seen = projectHolder(folder)?.token ?? null;
  expect(claimProject(folder, "r1", seen)).toBe("r1");
  appendFileSync(join(folder, ".orchestrate/claims.jsonl"), torn.slice(0, 5));
  expect(projectHolder(folder)?.run).toBe("r1");
});

test("a run that was overtaken leaves nothing, and the pointer stays with the winner", () => {
  const { folder } = makeProject();
  const first = createRun(folder, plan, beginning, { seen: null });
  expect(createRun(folder, plan, beginning, { seen: null })).toBeNull();
  expect(readdirSync(join(folder, ".orchestrate/runs"))).toEqual([first?.state.run]);
  expect(readCurrent(folder)?.run).toBe(first?.state.run);
});

test("a command killed between its claim and the pointer leaves an open run, which the next `run` names and `resume` finds", async () => {
  const { folder, ask } = makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n" });
  const run = createRun(folder, plan, beginning);
  rmSync(join(folder, ".orchestrate/current.json"));
  const inSession = { env: { CLAUDE_CODE_SESSION_ID: "s1" } };
  const { err } = await ask(["start", "tasks.md"], inSession);
  expect(err).toContain(`run ${run?.state.run} is open here`);
  expect(readCurrent(folder)?.run).toBe(run?.state.run);
});

test("a preview looks for an open run and writes nothing", async () => {
  const { folder, ask } = makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n" });
  createRun(folder, plan, beginning);
  rmSync(join(folder, ".orchestrate/current.json"));
  await ask(["plan", "tasks.md"]);
  expect(existsSync(join(folder, ".orchestrate/current.json"))).toBe(false);
});
