import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { Status } from "../../src/model/status.ts";
import { append } from "../../src/run/append.ts";
import type { Event } from "../../src/model/event.ts";
import { makeProject } from "./world.ts";

const at = "2026-01-01T00:00:00.000Z";
const list = "- [ ] T1 Write `a.txt`\n- [ ] T2 Write `b.txt` (depends on T1)\n- [ ] T3 Write `c.txt`\n";
const inSession = { env: { CLAUDE_CODE_SESSION_ID: "s1" } };

/** A run of three tasks, with these events after its start. */
async function started(...events: Event[]) {
  const { folder, ask } = makeProject({ "tasks.md": list });
  const answer = await ask(["start", "tasks.md"], inSession);
  const { run } = z
    .object({ run: z.string() })
    .parse(JSON.parse(readFileSync(join(folder, ".orchestrate/current.json"), "utf8")));
  append(join(folder, ".orchestrate/runs", run, "events.jsonl"), events);
  return { ask, answer, run };
}

const claim = (task: string): Event => ({
  type: "dispatched",
  at,
  task,
  attempt: 1,
  claim: `c${task}`,
  client: null,
  before: {},
});
const launched = (task: string): Event => ({ type: "launched", at, task, agent: `agent-${task}` });
const failed: Event = { type: "failed", at, task: "T1", reason: "blocked: no ink" };

test("`start` says what to launch, and a second one is refused with what to do", async () => {
  const { ask, answer, run } = await started();
  expect(answer.out).toContain(`Agent({description: "T1", prompt: "[orchestrate ${run} T1]"})`);
  expect(answer.out).not.toContain(`[orchestrate ${run} T2]`);
  expect(await ask(["start", "tasks.md"], inSession)).toMatchObject({
    code: 1,
    err: expect.stringContaining("`resume` goes on with it, `stop` ends it") as string,
  });
});

test("`start` outside Claude Code says where it runs", async () => {
  const { ask } = makeProject({ "tasks.md": list });
  expect(await ask(["start", "tasks.md"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("runs inside Claude Code") as string,
  });
});

test("`status` says what is running, what is next and why the rest waits; `--json` keeps its schema", async () => {
  const { ask } = await started(claim("T1"));
  const { out } = await ask(["status"]);
  expect(out).toMatch(/▶ T1 +running/);
  expect(out).toMatch(/→ T3 +ready/);
  expect(out).toContain("waits for T1 (running)");
  const status = Status.strict().parse(JSON.parse((await ask(["status", "--json"])).out));
  expect(status.next).toEqual(["T3"]);
});

test("`stop` launches nothing more and names the agents to end; `resume` starts what they left", async () => {
  const { ask, run } = await started(claim("T1"), launched("T1"));
  expect((await ask(["stop"])).out).toContain('TaskStop({task_id: "agent-T1"})');
  expect((await ask(["next"])).out).not.toContain("Agent(");
  const { out } = await ask(["resume"], inSession);
  expect(out).toContain("T1 did not come to an end and will start again.");
  expect(out).toContain(`[orchestrate ${run} T1]`);
});

test("`retry` runs what failed again, and refuses what is running or unknown", async () => {
  const { ask, run } = await started(claim("T1"), failed, claim("T3"));
  expect(await ask(["retry", "T3"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("T3 is running") as string,
  });
  expect(await ask(["retry", "T9"])).toMatchObject({ code: 2, err: expect.stringContaining("no task `T9`") as string });
  expect((await ask(["retry"])).out).toContain(`[orchestrate ${run} T1]`);
});

test("`logs` tells what happened to a task, and only to that one", async () => {
  const { ask } = await started(claim("T1"), failed, claim("T3"));
  const { out } = await ask(["logs", "T1"]);
  expect(out).toContain("T1  failed: blocked: no ink");
  expect(out).not.toContain("T3");
});

test.each(["status", "stop", "resume", "retry", "logs", "next", "todo"])(
  "`%s` where no run was started says so",
  async (verb) => {
    const { ask } = makeProject();
    expect(await ask([verb], inSession)).toMatchObject({
      code: 2,
      err: expect.stringContaining("no run was started") as string,
    });
  },
);
