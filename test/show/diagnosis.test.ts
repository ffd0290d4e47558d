import { describe, expect, test } from "vitest";
import type { Event } from "../../src/model/event.ts";
import { fold } from "../../src/run/fold.ts";
import { causeOf, filesIn, normalised } from "../../src/show/cause.ts";
import { diagnose } from "../../src/show/diagnosis.ts";
import { hostile, obeyed } from "../commands/headlessRun.ts";
import { makePlan } from "../makePlan.ts";
import { expectLinear } from "../growth.ts";

const at = "2026-01-01T00:00:00Z";

/** What is said of a run in which these tasks failed for these reasons, in this order; others wait for the first of them. */
function said(reasons: Readonly<Record<string, string>>, more: readonly Event[] = [], others: string[] = []): string[] {
  const [first = ""] = Object.keys(reasons);
  const plan = makePlan({
    tasks: [...Object.keys(reasons), ...others],
    edges: first === "" ? [] : others.map((other) => `${first} ${other}`),
  });
  const events = Object.entries(reasons).map(([task, reason]): Event => ({ type: "failed", at, task, reason }));
  return diagnose({ state: fold(plan, [...events, ...more]) });
}

test("failures of one known cause are one line, with how many of all and what to do", () => {
  const lines = said({
    T1: "Invalid API key · Please run /login",
    T2: "the red button is missing",
    T3: "authentication_error: 401",
    T4: "Not logged in",
  });
  expect(lines[0]).toMatch(/^3 of 4 failures \(T1, T3, T4\): not logged in\. Log in with `claude`/);
  expect(lines[1]).toBe("1 of 4 failures (T2): the red button is missing");
  expect(lines[2]).toContain("`logs TASK`");
});

test("failures in one command name it", () => {
  const reason = (name: string) => `its check \`pnpm test\` failed:\n  Error: Cannot find module 'left-pad' in ${name}`;
  expect(said({ T1: reason("a.ts"), T2: reason("b.ts") })[0]).toMatch(
    /^All 2 failures \(T1, T2\): in `pnpm test`: Cannot find module 'left-pad'\. Name what prepares a new worktree in `setup`/,
  );
});

test("unknown failures of the same words are one, whatever the ids, numbers, commits and folders in them", () => {
  const lines = said({
    T1: "assertion 12 of T1 in /tmp/a/x.ts at 0123456789 is red",
    T2: "assertion 7 of T2 in /tmp/b/x.ts at abcdef0123 is red",
  });
  expect(lines[0]).toBe("All 2 failures (T1, T2): assertion 12 of T1 in /tmp/a/x.ts at 0123456789 is red");
});

test("unknown failures that differ only in the files that they name are one", () => {
  const lines = said({
    T1: "none of the task's files changed (src/a.ts), only T1.txt.",
    T2: "none of the task's files changed (src/b.ts, src/c.ts), only T2.txt.",
  });
  expect(lines[0]).toBe("All 2 failures (T1, T2): none of the task's files changed (src/a.ts), only T1.txt.");
});

test("failures of other words that name one file are put together by it", () => {
  const lines = said({ T1: "src/a.ts has no export x", T2: "cannot merge src/a.ts and src/b.ts", T3: "gave up" });
  expect(lines[0]).toBe("2 of 3 failures (T1, T2): all speak of src/a.ts, as in: src/a.ts has no export x");
});

test("a run that was stopped says why first, and what was skipped last", () => {
  const lines = said(
    { T1: "gave up" },
    [
      { type: "skipped", at, task: "T2", reason: "waits for T1 (failed)" },
      { type: "stopped", at, reason: "no space left on device" },
    ],
    ["T2"],
  );
  expect(lines[0]).toMatch(/^The run was stopped: no space left on device\. Free some space/);
  expect(lines[1]).toBe("T1: gave up");
  expect(lines).toContain("1 task skipped because of that: T2.");
});

test("what is skipped because of a cancelled task is not said to be so because of a failure", () => {
  const skipped: Event = { type: "skipped", at, task: "T2", reason: "waits for T1 (cancelled)" };
  const plan = makePlan({ tasks: ["T1", "T2"], edges: ["T1 T2"] });
  expect(diagnose({ state: fold(plan, [{ type: "cancelled", at, task: "T1" }, skipped]) })).toEqual([
    "1 task skipped because of what was cancelled: T2.",
  ]);
});

test.each([
  ["the account cannot pay for requests; add credit first: Credit balance is too low", "add credit"],
  ["its worker runs with the permission mode default, expected acceptEdits", "or set `permissionMode`"],
])("what to do fits the reason: %s", (reason, todo) => {
  expect(causeOf(reason)?.todo).toContain(todo);
});

describe("the commands that go on fit the state:", () => {
  const spent = "it spent the dollars it was given";
  test("what failed is left as it is by `resume` alone, so `retry` comes first", () => {
    expect(said({ T1: spent })[0]).toBe(
      "T1: the budget is used up. Raise `budgetPerTask`, then `retry T1` and `resume`.",
    );
    expect(said({ T1: spent, "T 2": spent })[0]).toMatch(/then `retry T1 'T 2'` and `resume`\.$/);
    expect(said({ T1: "no reason" }).at(-1)).toMatch(/`retry TASK` .*; then `resume`\.$/);
  });

  test.each(["permission denied", "the budget of 5 dollars leaves no room for another worker (4.90 spent)"])(
    "of a run that was stopped nothing failed that `retry` would take: %s",
    (reason) => {
      const [line] = said({}, [{ type: "stopped", at, reason }], ["T1"]);
      expect(line).toMatch(/, then `resume`\.$/);
      expect(line).not.toContain("retry");
    },
  );
});

test("where nothing failed there is nothing to say", () => {
  expect(said({}, [], ["T1"])).toEqual([]);
});

test("reasons are escaped and stay on one line", () => {
  for (const line of said({ T1: hostile, T2: "another" }, [{ type: "stopped", at, reason: hostile }])) {
    expect(line).not.toMatch(obeyed);
    expect(line).not.toContain("\n");
  }
});

describe("a known cause", () => {
  test.each([
    ["spawn claude ENOENT", "claude is not installed"],
    ["sh: 1: pnpm: not found", "pnpm is not installed"],
    ["Error: listen EADDRINUSE: address already in use :::3000", "a port is in use"],
    ["ENOSPC: no space left on device, write", "no space left on the disk"],
    ["its budget of 2 dollars is used up", "the budget is used up"],
    [
      'what is in your folder could not be committed: open("secret"): Permission denied; adding files failed',
      "a file that cannot be read",
    ],
    ["You've hit your session limit · resets 3pm", "the service takes no more for now"],
    ["ModuleNotFoundError: No module named 'requests'", "Cannot find module 'requests'"],
    ["it printed nothing for 900 seconds", "took too long or fell silent"],
    ["it printed nothing in the first 60 seconds", "took too long or fell silent"],
    ["it was not done after 900 seconds", "took too long or fell silent"],
    ["its merge conflicts in src/a.ts, changed by T1 as well", "a merge conflict"],
  ])("%s", (words, cause) => {
    expect(causeOf(words)?.what).toBe(cause);
  });

  test("is not seen where there is none", () => {
    expect(causeOf("blocked: the banner `5-hour session limit reached` is missing; the API answers 429")).toBeNull();
    expect(causeOf("the button is green and should be red")).toBeNull();
    expect(said({ T1: "the check `test ! -e x` failed. The end of what it printed:\n" })[0]).toBe(
      "T1: the check `test ! -e x` failed. It printed nothing.",
    );
  });
});

test.each(["a/", "a.", "`", "'", "not found:", "1", "\u001b["])(
  "half a million times %j costs no more than its length",
  async (piece) => {
    await expectLinear((times) => {
      const words = piece.repeat(times);
      causeOf(words);
      normalised(words, "T1");
      filesIn(words);
    }, 500_000);
  },
);
