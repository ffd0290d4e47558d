import { describe, expect, test } from "vitest";
import { indexPlan } from "../../../src/run/planIndex.ts";
import { nextPlace } from "../../../src/engines/headless/engine/place.ts";
import type { Event } from "../../../src/model/event.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { makePlan } from "../../makePlan.ts";
import { dispatched, ended, merged, stateAfter, verified } from "./desk.ts";

const next = (plan: Plan, events: readonly Event[], task: string) =>
  nextPlace(indexPlan(plan), stateAfter(plan, events), task);
const through = (task: string, worktree = `tree of ${task}`): Event[] => [
  dispatched(task, task, { worktree, branch: ref(task) }),
  ended(task, "finished"),
  verified(task),
  merged(task),
];
const ref = (task: string): string => `refs/orchestrate/r/task/${task}`;
const fork = makePlan({ tasks: ["A", "B", "C"], edges: ["A B", "A C"] });

describe("the worktree of a task", () => {
  test("is that of a merged task, first of all of its predecessor, for the first that takes it", () => {
    expect(next(fork, through("A"), "B").worktree).toBe("tree of A");
    const taken = [...through("A"), dispatched("B", "B", { worktree: "tree of A", branch: ref("B") })];
    expect(next(fork, taken, "C").worktree).not.toBe("tree of A");
    expect(next(fork, [...through("A"), ...through("B", "tree of A")], "C").worktree).toBe("tree of A");
    const free = makePlan({ tasks: ["A", "B", "C"], edges: ["A C"] });
    expect(next(free, [...through("A"), ...through("B")], "C").worktree).toBe("tree of A");
    expect(next(free, through("B"), "C").worktree).toBe("tree of B");
  });

  test("is never one whose task failed, waits for a person, is being merged or was cancelled", () => {
    const two = makePlan({ tasks: ["A", "B"] });
    const done = [dispatched("A", "A", { worktree: "tree of A", branch: ref("A") }), ended("A", "finished")];
    const at = "2026-01-01T00:00:00.000Z";
    for (const events of [
      [...done, { type: "failed", at, task: "A", reason: "r" }],
      [...done, { type: "needs-input", at, task: "A", question: "q" }],
      [...done, verified("A")],
      [...done, { type: "cancelled", at, task: "A" }],
    ] as Event[][])
      expect(next(two, events, "B").worktree).not.toBe("tree of A");
  });

  test("is always a new one where the person wants that", () => {
    const fresh = { ...fork, config: { ...fork.config, freshTrees: true } };
    expect(next(fresh, through("A"), "B").worktree).toMatch(/\/B$/);
  });

  test("stays its own at another attempt, however the last one ended, and so do its ref and its session", () => {
    const first = next(fork, through("A"), "B");
    for (const outcome of ["crash", "lost", "worktree", "timeout"] as const) {
      const events = [...through("A"), dispatched("B", "B", first), ended("B", outcome, { session: "s1", seconds: 0 })];
      const second = next(fork, events, "B");
      expect(second).toMatchObject({ worktree: "tree of A", branch: first.branch, resume: "s1" });
      expect(second.folder).not.toBe(first.folder);
    }
  });

  test("of version 0.1.0 is left alone: another one takes its place, and nobody takes it over", () => {
    const old = { worktree: ".orchestrate/worktrees/r/A", branch: "orchestrate/r/task/A" };
    const again = next(fork, [dispatched("A", "A", old), ended("A", "crash", { session: "conversation" })], "A");
    expect(again.resume, "no client finds it again in another folder").toBeNull();
    expect(again.worktree).toMatch(/\/A\.new$/);
    expect(again.branch).toMatch(/^refs\/orchestrate\//);
    const merged_ = [dispatched("A", "A", old), ended("A", "finished"), verified("A"), merged("A")];
    expect(next(fork, merged_, "B").worktree).toMatch(/\/B$/);
  });
});

test("a rate limit takes the attempt back, and its folder is not used again", () => {
  const first = next(fork, [], "A");
  const again = next(fork, [dispatched("A", "A", first), ended("A", "rate-limit")], "A");
  expect(again.folder).not.toBe(first.folder);
});

test("the base is the newest merge", () => {
  expect(next(fork, through("A"), "B").base).toBe("merge of A");
});

test("no two workers at work have the same ports, and those of one that has ended are free", () => {
  const plan = makePlan({ tasks: ["A", "B"] });
  expect(next(plan, [dispatched("A")], "B").slot).toBe(1);
  expect(next(plan, [dispatched("A"), ended("A", "finished"), verified("A")], "B").slot).toBe(0);
});
