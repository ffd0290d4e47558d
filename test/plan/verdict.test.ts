import { expect, test } from "vitest";
import type { Verdict } from "../../src/model/plan.ts";
import { plan } from "../../src/plan/plan.ts";
import { config, edges, fileLock, graph, task } from "./make.ts";

const ids = ["A", "B", "C", "D", "E", "F"];
const six = ids.map((id) => task(id));
const verdictOf = (from: ReturnType<typeof graph>): Verdict => plan(from, config(), null).verdict;
const yeses = (verdict: Verdict): boolean[] => verdict.checklist.map((point) => point.yes);

test("six free tasks of one size: go, with seven yeses", () => {
  const verdict = verdictOf(graph(six));
  expect(verdict.answer).toBe("go");
  expect(yeses(verdict)).toEqual([true, true, true, true, true, true, true]);
  expect(verdict.reasons).toEqual(["5 workers take about 20 min instead of 1 h; 7 of 7 points speak for it."]);
});

test("a chain is run serially", () => {
  const verdict = verdictOf(graph(six, { edges: edges("A>B B>C C>D D>E E>F") }));
  expect(verdict.answer).toBe("no-go");
  expect(verdict.reasons[0]).toBe("Run it serially: no two tasks can ever run at once.");
  expect(verdict.checklist[1]).toMatchObject({ yes: false, evidence: "The longest chain holds 6 of 6 tasks." });
});

test("tasks that all write one file are run serially", () => {
  const verdict = verdictOf(graph(six, { locks: [fileLock("src/index.ts", ...ids)] }));
  expect(verdict.answer).toBe("no-go");
  expect(yeses(verdict).slice(0, 4)).toEqual([false, true, true, false]);
});

test("a gain of less than a fifth is run serially", () => {
  const tasks = [task("A", { estimate: 100 }), task("B", { estimate: 10 })];
  expect(verdictOf(graph(tasks)).reasons[0]).toBe("Run it serially: with 5 workers it is only 1.10 times as fast.");
});

test("an outlier is named, with the advice to split it", () => {
  const verdict = verdictOf(graph([...six, task("G", { estimate: 60 })]));
  expect(verdict.checklist[5]).toMatchObject({ yes: false, evidence: "G takes 1 h, 3.5 times the average: split it." });
  expect(verdict.reasons).toContain("Are the tasks of similar size? No: G takes 1 h, 3.5 times the average: split it.");
  expect(verdict.answer).toBe("go");
});

test("four or five yeses: consider; too few tasks and too little gain are two noes", () => {
  const verdict = verdictOf(graph([task("A"), task("B")]));
  expect(yeses(verdict)).toEqual([true, true, true, true, false, true, false]);
  expect(verdict.answer).toBe("consider");
});

test("files that nobody named speak against different files and against merging alone", () => {
  const tasks = ids.map((id) => task(id, { files: [] }));
  const verdict = verdictOf(graph(tasks));
  expect(yeses(verdict).slice(2, 4)).toEqual([false, false]);
  const alone = ids.slice(0, 2).map((id) => ({ task: id, reason: "its files are not known" }));
  expect(verdictOf(graph(tasks, { alone })).checklist[0]?.yes).toBe(false);
});

test("files that ordered tasks share speak against merging alone, not against different files", () => {
  const verdict = verdictOf(graph(six, { edges: edges("A>B"), locks: [fileLock("x.ts", "A", "B")] }));
  expect(yeses(verdict)[0]).toBe(true);
  expect(verdict.checklist[3]).toMatchObject({ yes: false });
});

test("when all is done nothing is left to do", () => {
  expect(verdictOf(graph([task("A", { status: "done" })])).reasons[0]).toBe("Nothing is left to do.");
});
