import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pastRuns } from "../../src/commands/pastRuns.ts";
import { append } from "../../src/run/append.ts";
import type { Event } from "../../src/model/event.ts";
import { Plan } from "../../src/model/plan.ts";
import { createRun } from "../../src/run/store.ts";
import { makePlan } from "../makePlan.ts";
import { before, dispatched, ended, fourTasks, makeRun, merged } from "./headlessRun.ts";
import { makeProject } from "./world.ts";

const list = "- [ ] 1. Draw the logo\n- [ ] 2. Write the greeting\n- [ ] 3. Say goodbye in src/bye.ts\n";
const files = { "tasks.md": list };

type Ask = ReturnType<typeof makeProject>["ask"];

async function planOf(ask: Ask, ...more: string[]): Promise<Plan> {
  return Plan.parse(JSON.parse((await ask(["plan", "tasks.md", "--json", ...more])).out));
}

describe("--answers", () => {
  test("yes lets the tasks of the question run at once; the plan keeps the answer", async () => {
    const { ask } = makeProject(files);
    const before = await planOf(ask);
    const after = await planOf(ask, "--answers", "q1=yes");
    expect(before.questions.map(({ id, answer }) => [id, answer])).toEqual([["q1", null]]);
    expect(after.questions[0]?.answer).toBe("yes");
    expect([before, after].map(({ tasks }) => tasks.filter(({ alone }) => alone !== null).length)).toEqual([2, 0]);
    expect(after.hash).not.toBe(before.hash);
  });

  test("in another form, or to nothing that is asked, is refused", async () => {
    const { ask } = makeProject(files);
    expect((await ask(["plan", "tasks.md", "--answers", "q1=maybe"])).code).toBe(2);
    const { code, err } = await ask(["plan", "tasks.md", "--answers", "q7=no"]);
    expect([code, err]).toEqual([1, expect.stringContaining("unknown-question")]);
  });

  test("start takes them with the hash of the preview without them, and writes them down", async () => {
    const { ask, folder } = makeProject(files);
    const { hash } = await planOf(ask);
    const line = ["start", "tasks.md", "--session", "s1", "--expect", hash.slice(7, 19), "--answers", "q1=yes"];
    expect((await ask(line)).code).toBe(0);
    const [run = ""] = readdirSync(join(folder, ".orchestrate/runs"));
    const journal = readFileSync(join(folder, ".orchestrate/runs", run, "events.jsonl"), "utf8");
    expect(journal).toContain('run at once, and beside other tasks? Neither names a file.":"yes"');
  });

  test("start refuses them for a list that has changed since", async () => {
    const { ask, folder } = makeProject(files);
    const { hash } = await planOf(ask);
    writeFileSync(join(folder, "tasks.md"), `${list}- [ ] 4. Another\n`);
    const { code, err } = await ask([
      "start",
      "tasks.md",
      "--session",
      "s1",
      "--expect",
      hash.slice(7, 19),
      "--answers",
      "q1=no",
    ]);
    expect([code, err]).toEqual([1, expect.stringContaining("stale-plan")]);
  });

  test("the preview asks, the slash command tells the model to answer", async () => {
    const { ask } = makeProject(files);
    expect((await ask(["plan", "tasks.md"])).out).toContain("q1: May 1 and 2 run at once");
    const { out } = await ask(["request", "-", "--session", "s1"], { stdin: () => "tasks.md" });
    expect(out).toContain("--answers q1=no");
  });
});

test("with --why every pair that may not run together has its words and its lines", async () => {
  const { ask } = makeProject({ "tasks.md": "- [ ] 1. Change src/a.ts\n- [ ] 2. Also change\n  src/a.ts\n" });
  const { out } = await ask(["plan", "tasks.md", "--why"]);
  expect(out.replaceAll(/\s+/g, " ")).toContain(
    "1 and 2, over src/a.ts: 1 modifies src/a.ts (line 1); 2 modifies src/a.ts (line 3)",
  );
});

test("past runs of the project correct the estimates of the next plan", async () => {
  const { ask, folder } = makeProject(files);
  mkdirSync(join(folder, ".orchestrate"), { recursive: true });
  const plan = makePlan({ tasks: ["A", "B", "C"].map((id) => ({ id, estimate: 10 })) });
  const run = createRun(folder, plan, { session: null, engine: "session", asked: { sources: [], flags: {} } })!;
  const minute = (minutes: number): string => new Date(Date.UTC(2026, 0, 1, 0, minutes)).toISOString();
  const events = ["A", "B", "C"].flatMap((task): Event[] => [
    { type: "dispatched", at: minute(0), task, attempt: 1, claim: task, client: null, before: {} },
    { type: "done", at: minute(20), task, summary: "", files: [], concerns: [] },
  ]);
  append(join(run.folder, "events.jsonl"), events);
  expect(pastRuns(folder).default).toEqual({ by: 2, least: 2, most: 2 });
  const [first] = (await planOf(ask)).tasks;
  expect(first).toMatchObject({ estimate: 30, estimateFrom: "past-runs", corrected: { from: "default", by: 2 } });
});

test("headless tasks that were merged at the first attempt correct them too, by what their workers took", async () => {
  const { folder, add } = makeRun(fourTasks());
  const began = before(500);
  for (const task of ["T1", "T3", "T4"])
    add(dispatched(task, began), ...merged(task, before(300), { claim: `${task}-1`, seconds: 25 * 60, tokens: 4_000 }));
  // A second attempt says nothing of the work.
  add(
    dispatched("T2", before(299)),
    ended("T2", before(298), { outcome: "crash", seconds: 9_000 }),
    dispatched("T2", before(297), 2),
  );
  add(...merged("T2", before(200), { claim: "T2-2", seconds: 9_000 }));
  expect(pastRuns(folder)).toEqual({ default: { by: 2.5, least: 2.5, most: 2.5 }, stated: null, tokensPerMinute: 400 });
});

test("a run that cannot be read says nothing of estimates", () => {
  const { folder } = makeProject(files);
  mkdirSync(join(folder, ".orchestrate/runs/r1"), { recursive: true });
  writeFileSync(join(folder, ".orchestrate/runs/r1/events.jsonl"), "no event\nat all\n");
  expect(pastRuns(folder)).toEqual({ stated: null, default: null, tokensPerMinute: null });
});
