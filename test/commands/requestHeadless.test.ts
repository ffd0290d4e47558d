import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/model/event.ts";
import { createRun, openRun, record } from "../../src/run/store.ts";
import { makePlan } from "../makePlan.ts";
import { makeProject } from "./world.ts";

const at = "2026-01-01T00:00:00.000Z";
const list = "- [ ] T1 Write `a.txt`\n- [ ] T2 Write `b.txt`\n";
const dispatched: Event = {
  type: "dispatched",
  at,
  task: "T1",
  attempt: 1,
  claim: "claim-of-T1",
  client: null,
  before: {},
  place: {
    worktree: ".orchestrate/worktrees/r/T1",
    branch: "orchestrate/r/task/T1",
    base: "",
    folder: ".orchestrate/runs/r/tasks/T1/1",
    resume: null,
    slot: 0,
    dollars: null,
  },
};
const asks: readonly Event[] = [
  dispatched,
  {
    type: "ended",
    at,
    task: "T1",
    claim: "claim-of-T1",
    outcome: "finished",
    reason: "it gave its result",
    session: "s-9",
    tokens: 0,
    dollars: 0,
    seconds: 1,
    wait: 0,
  },
  { type: "needs-input", at, task: "T1", question: "Tabs or blanks?" },
];

/** A project with a headless run that nobody supervises, and how the slash command answers there. */
function headless(...events: Event[]) {
  const { folder, ask } = makeProject({ "tasks.md": list });
  rmSync(join(folder, ".git"), { recursive: true });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "tasks.md");
  git("commit", "--quiet", "--message=Begin");
  const base = git("rev-parse", "HEAD").trim();
  const asked = { sources: ["tasks.md"], flags: { parallel: true } };
  const run = createRun(folder, makePlan({ tasks: ["T1", "T2"] }), { session: null, engine: "headless", asked, base })!;
  record(run, events);
  const types = (): string[] => {
    const opened = openRun(folder, run.state.run);
    return opened.ok ? opened.value.events.map(({ type }) => type) : [];
  };
  const config = () => {
    const opened = openRun(folder, run.state.run);
    return opened.ok ? opened.value.plan.config : null;
  };
  const request = async (typed: string): Promise<string> =>
    (await ask(["request", "-", "--session", "s-1"], { stdin: () => typed, cli: "/opt/helper/cli.mjs" })).out;
  return { request, types, config };
}

describe("on a headless run, a slash command", () => {
  test.each([
    ["status", "T1 asks: Tabs or blanks?", "needs-input", "resume"],
    ["inbox", '/orchestrate answer T1 "…"', "needs-input", null],
    ["pause", "is paused: nothing more is launched", "paused", "resume"],
    ["stop", "is stopped: nothing more is launched", "stopped", "resume"],
    ["stop T1", "T1 is cancelled", "cancelled", "resume"],
    ["logs T1", "asks: Tabs or blanks?", "needs-input", null],
    ["merge", "write `merge --into BRANCH`", "needs-input", "merge"],
    ["merge --into mine", "nothing was merged in this run", "needs-input", null],
    ["clean", "Nothing to clean", "needs-input", null],
  ])("`%s` does what it says, and says how its words, if any, are typed here", async (typed, words, last, word) => {
    const { request, types } = headless(...asks);
    const said = await request(typed);
    expect(said).toContain(words);
    expect(said).not.toContain("node /opt/helper/cli.mjs");
    const [, named = null] = /are typed here as `\/orchestrate (\w+)`/.exec(said) ?? [];
    expect(named).toBe(word);
    expect(types().at(-1)).toBe(last);
  });

  test.each(["answer T1 Blanks.", "retry T1", "tasks.md --retry"])(
    "`%s` is written down, and the run goes on in the background when nobody supervises it",
    async (typed) => {
      const { request, types } = headless(...asks, { type: "failed", at, task: "T1", reason: "no ink" });
      const said = await request(typed);
      expect(said).toMatch(/goes on, headless\. It runs in the background/);
      expect(said).toContain("Launch nothing for it yourself");
      expect(said).not.toContain("`resume` goes on with it");
      expect(said.match(/are typed here/g)).toHaveLength(1);
      expect(types().slice(-2)).toEqual([typed.startsWith("answer") ? "answered" : "retried", "adopted"]);
    },
  );

  test("an answer does not end a stop, a retry does", async () => {
    const stopped: Event = { type: "stopped", at, reason: "a person stopped it" };
    const answered = headless(...asks, stopped);
    expect(await answered.request("answer T1 Blanks.")).toContain("The run is stopped: `resume` goes on with it.");
    expect(answered.types().at(-1)).toBe("answered");
    const retried = headless(...asks, stopped);
    expect(await retried.request("retry T1")).toContain("goes on, headless");
  });

  test("`resume --engine session` hands it to the agents of this session, and `--headless` back", async () => {
    const { request, types } = headless(...asks);
    expect(await request("resume --engine session")).toContain('Agent({description: "T2"');
    expect(types().at(-1)).toBe("adopted");
    expect(await request("resume --headless")).toContain("goes on, headless");
  });

  test("`--retry --timeout 77 --max-workers 2` goes on with these limits", async () => {
    const { request, config } = headless(...asks, { type: "failed", at, task: "T1", reason: "no ink" });
    expect(await request("--retry --timeout 77 --max-workers 2")).toContain("goes on, headless");
    expect(config()).toMatchObject({ timeout: 77, maxWorkers: 2 });
  });

  test("a preview says first that a run is open, and names no command that would be refused", async () => {
    const { request } = headless(...asks);
    const said = await request("tasks.md --headless");
    expect(said).toMatch(/^This is the plan .*\nIt cannot be started now: run \w+ is open here/);
    expect(said).not.toContain("--expect");
  });

  test("a task is found when only the case of its id differs, and the answer says which it was", async () => {
    const { request, types } = headless(...asks);
    expect(await request("answer t1 Blanks.")).toContain("`t1` is taken for T1. T1 has its answer");
    expect(types()).toContain("answered");
  });

  test("a retry of a task that the run does not have changes nothing", async () => {
    const { request, types } = headless(...asks);
    expect(await request("retry T9")).toContain("the run has no task `T9`");
    expect(types().at(-1)).toBe("needs-input");
  });
});
