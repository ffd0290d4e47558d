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
  dispatched(task, task, { worktree }),
  ended(task, "finished"),
  verified(task),
  merged(task),
];
const fork = makePlan({ tasks: ["A", "B", "C"], edges: ["A B", "A C"] });

describe("the worktree of a task", () => {
  test("is that of its only predecessor, for the first that takes it", () => {
    expect(next(fork, through("A"), "B").worktree).toBe("tree of A");
    const taken = [...through("A"), dispatched("B", "B", { worktree: "tree of A" })];
    expect(next(fork, taken, "C").worktree).not.toBe("tree of A");
    expect(next(fork, [...through("A"), ...through("B", "tree of A")], "C").worktree).toBe("tree of A");
  });

  test("is a new one when several things come before it", () => {
    const join = makePlan({ tasks: ["A", "B", "C"], edges: ["A C", "B C"] });
    expect(next(join, [...through("A"), ...through("B")], "C").worktree).toMatch(/\/C$/);
  });

  test("stays its own at another attempt, which goes on in the same session and folder by folder", () => {
    const first = next(fork, [], "A");
    const events = [dispatched("A", "A", first), ended("A", "crash", { session: "s1" })];
    const second = next(fork, events, "A");
    expect(second).toMatchObject({ worktree: first.worktree, branch: first.branch, resume: "s1" });
    expect(second.folder).not.toBe(first.folder);
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
