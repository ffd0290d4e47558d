import { describe, expect, test } from "vitest";
import * as z from "zod";
import { Status } from "../../src/model/status.ts";
import type { Event, Failed, NeedsInput, Stopped } from "../../src/model/event.ts";
import {
  abandoned,
  before,
  dispatched,
  ended,
  finished,
  fourTasks,
  hostile,
  makeRun,
  merged,
  obeyed,
  placeOf,
  supervised,
} from "./headlessRun.ts";
import { makeProject } from "./world.ts";

const failed: Failed = {
  type: "failed",
  at: before(5),
  task: "T3",
  reason: "its check `pnpm test` failed: 2 tests are red",
};
const asks: NeedsInput = { type: "needs-input", at: before(8), task: "T4", question: "Which database?" };
const stopped: Stopped = { type: "stopped", at: before(1), reason: "a person stopped it" };
const conflicted: Event[] = [
  ...merged("T1", before(20)).slice(0, 3),
  { type: "conflicted", at: before(19), task: "T1", files: ["src/a.ts"], with: ["T2"], next: "person" },
];

describe("status of a headless run", () => {
  test("says who has it, what it cost, what waits for a person, and what each worker does", async () => {
    const { ask, write } = makeRun(fourTasks(), [
      supervised(before(30)),
      dispatched("T1", before(30)),
      ...merged("T1", before(20)),
      dispatched("T2", before(12)),
      dispatched("T4", before(12)),
      asks,
    ]);
    const progress = {
      firstEventAt: before(11),
      turns: 2,
      toolCalls: 9,
      tokens: 3_000,
      dollars: 0.25,
      waitsUntil: null,
    };
    write(placeOf("T2"), "progress.json", JSON.stringify({ ...progress, lastEventAt: before(0.1), lastTool: "Edit" }));
    const { out } = await ask(["status"]);
    expect(out).toContain(": open\n1 of 4 merged, 1 running, 1 ready, 1 needs an answer\n");
    expect(out).toMatch(/30 min so far, about \d+ min left, 15 k tokens, \$0\.75/);
    expect(out).toContain(`Supervised by process ${process.pid} on `);
    expect(out).toContain("Waits for you (`inbox` says what to do):\n  T4 asks: Which database?");
    expect(out).toMatch(/✓ T1 +merged +10 min +\$0\.50 +Do T1/);
    expect(out).toMatch(/▶ T2 +running +12 min +\$0\.25 +Do T2\n +Edit 6 s ago, 9 tool calls, 3 k tokens/);
  });

  test("without a supervisor says that `resume` goes on", async () => {
    const { ask } = makeRun(fourTasks(), [abandoned(before(30)), dispatched("T1", before(30))]);
    expect((await ask(["status"])).out).toContain("Nobody supervises it: `resume` goes on.");
  });

  test("with a supervisor on another machine says that it cannot be seen", async () => {
    const there: Event = { ...(abandoned(before(30)) as Extract<Event, { type: "supervised" }>), host: "elsewhere" };
    const { ask } = makeRun(fourTasks(), [there]);
    expect((await ask(["status"])).out).toContain("on elsewhere, which cannot be seen from here");
    const status = Status.parse(JSON.parse((await ask(["status", "--json"])).out));
    expect(status.supervisor?.alive).toBeNull();
  });

  test("paused, and held back by a rate limit until a time", async () => {
    const limit = ended("T1", before(1), { outcome: "rate-limit", reason: "limit", wait: 300 });
    const { ask } = makeRun(fourTasks(), [
      supervised(before(30)),
      dispatched("T1", before(9)),
      limit,
      { type: "paused", at: before(1) },
    ]);
    const { out } = await ask(["status"]);
    expect(out).toContain(": paused\n");
    expect(out).toContain("Rate limit until 00:04 UTC (4 min).");
    expect(out).toContain("Paused: `resume` goes on.");
  });

  test("that ended badly says what went wrong", async () => {
    const { ask } = makeRun(fourTasks(), [dispatched("T3", before(9)), failed, stopped]);
    expect((await ask(["status"])).out).toContain("What went wrong:\n");
  });

  test("`--json` keeps its schema and has what the text has", async () => {
    const { ask } = makeRun(fourTasks(), [
      supervised(before(30)),
      dispatched("T1", before(30)),
      ...merged("T1", before(20)),
      dispatched("T4", before(12)),
      asks,
    ]);
    const status = Status.strict().parse(JSON.parse((await ask(["status", "--json"])).out));
    expect(status).toMatchObject({
      supervisor: { pid: process.pid, alive: true },
      merged: ["T1"],
      head: "abcdef0123456789",
      tokens: 12_000,
      dollars: 0.5,
      waiting: [{ kind: "question", task: "T4", text: "Which database?", todo: ['answer T4 "…"'] }],
    });
    expect(status.tasks[0]).toMatchObject({
      minutes: 10,
      commit: "abcdef0123456789",
      log: `${placeOf("T1").folder}/output.log`,
    });
  });
});

describe("inbox", () => {
  test("has everything that waits for a person, oldest first, each with what to type", async () => {
    const { ask } = makeRun(fourTasks(), [
      abandoned(before(31)),
      dispatched("T1", before(30)),
      ...conflicted,
      dispatched("T4", before(12)),
      asks,
      dispatched("T3", before(9)),
      failed,
    ]);
    const { out } = await ask(["inbox"]);
    const order = [
      "T1 cannot be merged, 19 min ago",
      "Files: src/a.ts",
      `What it did lies in ${placeOf("T1").worktree}`,
      "node /opt/orchestrate/dist/cli.mjs retry T1",
      'T4 asks, 8 min ago:  “Do T4”\n  Which database?\n  node /opt/orchestrate/dist/cli.mjs answer T4 "…"',
      "T3 failed, 5 min ago",
      "2 tests are red",
      `${placeOf("T3").folder}/output.log`,
      "node /opt/orchestrate/dist/cli.mjs retry T3",
      "Nobody supervises the run",
      "node /opt/orchestrate/dist/cli.mjs resume",
    ].map((words) => out.indexOf(words));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test("with nothing in it says so", async () => {
    const { ask, run } = makeRun(fourTasks(), [supervised(before(3))]);
    expect((await ask(["inbox"])).out).toBe(`Nothing of run ${run} waits for you.\n`);
  });

  test("of a run that was stopped names the reason", async () => {
    const { ask } = makeRun(fourTasks(), [stopped]);
    expect((await ask(["inbox"])).out).toContain("The run was stopped, 1 min ago: a person stopped it");
  });
});

/** The last event of the journal, and the rest of them by type. */
async function after(setup: readonly Event[], line: string[]) {
  const { ask, opened, folder } = makeRun(fourTasks(), setup);
  const answer = await ask(line);
  const { events, state } = opened();
  return { ...answer, last: events.at(-1), events, state, folder };
}

describe("pause", () => {
  test("is an event that holds launches back; what runs goes on", async () => {
    const { out, last, state } = await after([supervised(before(9)), dispatched("T1", before(9))], ["pause"]);
    expect(last).toMatchObject({ type: "paused" });
    expect(state.paused).toBe(true);
    expect(out).toContain("T1 goes on to the end");
  });

  test("twice, or of a run that is over, says so and writes nothing", async () => {
    const twice = await after([{ type: "paused", at: before(1) }], ["pause"]);
    expect([twice.code, twice.out, twice.events.length]).toEqual([0, expect.stringContaining("paused already"), 2]);
    const over = await after(finished(before(1), true, "T1", "T2", "T3", "T4"), ["pause"]);
    expect([over.out, over.last?.type]).toEqual([expect.stringContaining("nothing to pause"), "finished"]);
  });

  test("in a session says what does the same there", async () => {
    const { ask } = makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n" });
    await ask(["start", "tasks.md", "--session", "s1"]);
    expect(await ask(["pause"])).toMatchObject({ code: 2, err: expect.stringContaining("`stop`") as string });
  });
});

describe("stop", () => {
  test("is an event; the supervisor that is there ends the workers", async () => {
    const { out, last } = await after([supervised(before(9)), dispatched("T1", before(9))], ["stop"]);
    expect(last).toMatchObject({ type: "stopped", reason: "a person stopped it" });
    expect(out).toContain("Its supervisor ends T1 now");
  });

  test("without a supervisor ends the workers itself, and says when there are none", async () => {
    const { out, last } = await after([abandoned(before(9))], ["stop"]);
    expect(last?.type).toBe("stopped");
    expect(out).not.toContain("supervis");
  });

  test("of one task cancels that one, and says what will not run because of it", async () => {
    const { out, last, state } = await after([supervised(before(9)), dispatched("T1", before(9))], ["stop", "T1"]);
    expect(last).toMatchObject({ type: "cancelled", task: "T1" });
    expect(state.stopped).toBeNull();
    expect(out).toContain(`is kept under ${placeOf("T1").branch}`);
    expect(out).toContain("What waits for it will not run: T2.");
    expect(out).toContain("The supervisor goes on with it.");
  });

  test.each([
    ["T9", "no task `T9`"],
    ["T1", "T1 is merged"],
  ])("of %s, which cannot be stopped, is refused", async (task, words) => {
    const { code, err, last } = await after([dispatched("T1", before(9)), ...merged("T1", before(8))], ["stop", task]);
    expect([code, err, last?.type]).toEqual([2, expect.stringContaining(words), "merged"]);
  });

  test("of one task in a session says how to do without it", async () => {
    const { ask } = makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n" });
    await ask(["start", "tasks.md", "--session", "s1"]);
    expect(await ask(["stop", "T1"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("headless run only") as string,
    });
  });
});

describe("retry", () => {
  test.each([
    ["failed", [dispatched("T3", before(9)), failed], "T3"],
    ["in conflict", [dispatched("T1", before(30)), ...conflicted], "T1"],
    ["cancelled", [{ type: "cancelled", at: before(1), task: "T2" } satisfies Event], "T2"],
    ["waiting for an answer", [dispatched("T4", before(9)), asks], "T4"],
  ])("of a task that is %s lets it run again, with whoever supervises", async (_, setup, task) => {
    const { out, last, state } = await after([supervised(before(40)), ...setup], ["retry", task]);
    expect(last).toMatchObject({ type: "retried", task });
    expect(state.tasks.get(task)?.status).toBe("pending");
    expect(out).toBe(`${task} will be tried again. The supervisor goes on with it.\n`);
  });

  test.each([
    ["nobody supervises", [abandoned(before(9))], "Nobody supervises the run: `resume` goes on with it."],
    ["is paused", [supervised(before(9)), { type: "paused", at: before(8) } satisfies Event], "The run is paused"],
    ["was stopped", [supervised(before(9)), stopped], "The run is stopped"],
  ])("in a run that %s says that `resume` is needed", async (_, setup, words) => {
    const { out } = await after([...setup, { ...failed }], ["retry", "T3"]);
    expect(out).toContain(words);
  });

  test("of what is merged is refused: that is another task", async () => {
    const { code, err } = await after([dispatched("T1", before(9)), ...merged("T1", before(8))], ["retry", "T1"]);
    expect([code, err]).toEqual([2, expect.stringContaining("T1 is merged")]);
  });
});

test("`retry` where nothing failed names what goes on instead", async () => {
  const { out } = await after([dispatched("T1", before(9)), ...merged("T1", before(8)), stopped], ["retry"]);
  expect(out).toBe("No task failed: `resume` goes on with what is left.\n");
});

describe("an answer", () => {
  test("to nobody is refused with how it is written", async () => {
    const { code, err } = await after([], ["answer"]);
    expect([code, err]).toEqual([2, expect.stringContaining("write `answer T012 …`")]);
  });
});

describe("merge", () => {
  test("of a run that is not there names those that are", async () => {
    const { ask, run } = makeRun(fourTasks());
    const { code, err } = await ask(["merge", "rnone", "--into", "b"]);
    expect([code, err]).toEqual([2, `error: the project has no run \`rnone\`; the newest are ${run}\n`]);
  });

  test("takes one run at a time", async () => {
    const { ask, run } = makeRun(fourTasks());
    expect(await ask(["merge", run, run, "--into", "b"])).toMatchObject({ code: 2 });
  });
});

test("an answer is an event, and the task may run again with it", async () => {
  const { out, last, state } = await after(
    [supervised(before(40)), dispatched("T4", before(9)), asks],
    ["answer", "T4", "the", "big", "one"],
  );
  expect(last).toMatchObject({ type: "answered", task: "T4", answer: "the big one" });
  expect(state.tasks.get("T4")).toMatchObject({ status: "pending", answer: "the big one" });
  expect(out).toContain("The supervisor goes on with it.");
});

describe("logs", () => {
  test("of a task end with the last lines that its newest worker printed", async () => {
    const { ask, write } = makeRun(fourTasks(), [dispatched("T1", before(9)), dispatched("T3", before(9))]);
    write(placeOf("T1"), "output.log", Array.from({ length: 60 }, (_, index) => `line ${index}\n`).join(""));
    const lines = (await ask(["logs", "T1"])).out.split("\n");
    expect(lines[0]).toBe("2025-12-31T23:51:00Z  T1  started, attempt 1");
    expect(lines.slice(2, 4)).toEqual(["  | line 20", "  | line 21"]);
    expect(lines.at(-2)).toBe("  | line 59");
  });

  test("take `-f`, and of a task that is at its end only print", async () => {
    const { ask } = makeRun(fourTasks(), [dispatched("T1", before(9)), ...merged("T1", before(8))]);
    const answer = await ask(["logs", "T1", "-f"]);
    expect(answer.out).toContain("T1  merged as abcdef0123");
    const written: string[] = [];
    const never = new AbortController().signal;
    const code = await answer.live?.({
      write: (text) => void written.push(text),
      size: () => null,
      resized: () => undefined,
      interrupted: never,
      closed: never,
      restore: () => undefined,
    });
    expect([code, written]).toEqual([0, []]);
  });
});

test.each([
  ["status"],
  ["inbox"],
  ["watch", "--once"],
  ["logs"],
  ["logs", "T1"],
  ["logs", "T3"],
  ["metrics"],
  ["metrics", "--all"],
  ["retry", "T3"],
  ["answer", "T4", hostile],
  ["stop", "T2"],
])("`%s %s` prints nothing that a terminal obeys, whatever titles, reasons and logs say", async (...line) => {
  const { ask, write } = makeRun(
    fourTasks(() => hostile),
    [
      abandoned(before(41)),
      { ...(abandoned(before(40)) as Extract<Event, { type: "supervised" }>), after: "s1", host: hostile, token: "s2" },
      dispatched("T1", before(30)),
      ...conflicted.map((event) =>
        event.type === "conflicted" ? { ...event, files: [hostile], with: [hostile] } : event,
      ),
      dispatched("T3", before(9)),
      ended("T3", before(8), { claim: "T3-1", outcome: "crash", reason: hostile }),
      { ...failed, reason: hostile },
      dispatched("T4", before(9)),
      { ...asks, question: hostile },
      { ...stopped, reason: hostile },
    ],
  );
  write(placeOf("T3"), "output.log", `${hostile}\n`);
  const { out, err, code } = await ask(line.filter((word) => word !== undefined));
  expect(code).toBe(0);
  // These three speak of ids alone.
  if (!["retry", "answer", "stop"].includes(line[0] ?? "")) expect(out).toContain("\\u{1B}");
  expect(out + err).not.toMatch(obeyed);
  for (const printed of out.split("\n")) expect(printed.startsWith("second line")).toBe(false);
});

test.each([["inbox"], ["pause"], ["watch"], ["metrics"]])("`%s` where no run was started says so", async (verb) => {
  const { ask } = makeProject();
  expect(await ask([verb])).toMatchObject({ code: 2, err: expect.stringContaining("no run was started") as string });
});

test("`status --json` of hostile words is still JSON with these words in it", async () => {
  const { ask } = makeRun(fourTasks(() => hostile));
  const parsed = z
    .object({ tasks: z.array(z.object({ title: z.string() })) })
    .parse(JSON.parse((await ask(["status", "--json"])).out));
  expect(parsed.tasks[0]?.title).toBe(hostile);
});
