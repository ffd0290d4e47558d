import type { Conflict, Lock } from "../model/graph.ts";
import type { Forecast, PlannedTask, Verdict } from "../model/plan.ts";
import { isOpen } from "../model/isOpen.ts";
import { inWords } from "./minutes.ts";

/** What the verdict looks at: parts of a plan. */
export interface Facts {
  readonly tasks: readonly PlannedTask[];
  readonly locks: readonly Lock[];
  readonly conflicts: readonly Conflict[];
  readonly batches: readonly (readonly string[])[];
  readonly criticalPath: readonly string[];
  readonly forecast: Forecast;
}

/** Under this many minutes saved the trouble of a parallel run is not worth it. */
const leastGain = 10;
const leastSpeedup = 1.2;

/**
 * Whether running in parallel pays: seven questions, six yeses make `go`, four `consider`, fewer `no-go`. Whatever they
 * say, a list in which nothing can run beside anything, or that gains next to nothing, is better run serially.
 */
export function verdict(facts: Facts): Verdict {
  const open = facts.tasks.filter(isOpen);
  const checklist = [
    differentFiles(open, facts.conflicts),
    independent(open, facts.criticalPath),
    testable(open),
    mergeable(open, facts.locks),
    enough(open),
    similar(open),
    gain(facts.forecast),
  ];
  const yeses = checklist.filter((point) => point.yes).length;
  const doubts = checklist.filter((point) => !point.yes).map((point) => `${point.question} No: ${point.evidence}`);
  const serial = whySerial(open, facts);
  if (serial !== null) return { answer: "no-go", reasons: [serial, ...doubts], checklist };
  const { workers, expectedMinutes, sequentialMinutes } = facts.forecast;
  const headline = `${workers} workers take about ${inWords(expectedMinutes)} instead of ${inWords(sequentialMinutes)}; ${yeses} of 7 points speak for it.`;
  return { answer: yeses >= 6 ? "go" : yeses >= 4 ? "consider" : "no-go", reasons: [headline, ...doubts], checklist };
}

function whySerial(open: readonly PlannedTask[], facts: Facts): string | null {
  if (open.length === 0) return "Nothing is left to do.";
  if (facts.batches.every((batch) => batch.length < 2)) return "Run it serially: no two tasks can ever run at once.";
  const { speedup, workers } = facts.forecast;
  if (speedup >= leastSpeedup) return null;
  return `Run it serially: with ${workers} workers it is only ${speedup.toFixed(2)} times as fast.`;
}

type Point = Verdict["checklist"][number];

function differentFiles(open: readonly PlannedTask[], conflicts: readonly Conflict[]): Point {
  const sharing = new Set(conflicts.flatMap((conflict) => conflict.tasks));
  const unknown = open.filter((task) => task.alone !== null && !task.gate && !sharing.has(task.id)).length;
  return {
    question: "Do the tasks touch different files?",
    yes: sharing.size + unknown <= open.length / 5,
    evidence: parts(open.length, [
      [sharing.size, "must keep apart from another over a file or resource"],
      [unknown, "must run alone"],
    ]),
  };
}

function independent(open: readonly PlannedTask[], criticalPath: readonly string[]): Point {
  return {
    question: "Are most tasks free of each other's order?",
    yes: criticalPath.length <= open.length / 2,
    evidence: `The longest chain holds ${criticalPath.length} of ${count(open.length, "task")}.`,
  };
}

function testable(open: readonly PlannedTask[]): Point {
  const checkable = open.filter(
    (task) =>
      task.verify.length + task.acceptance.length + task.requirements.length + task.files.length > 0 ||
      task.area !== undefined,
  ).length;
  return {
    question: "Can each task be tested by itself?",
    yes: checkable * 2 >= open.length,
    evidence: `${checkable} of ${count(open.length, "task")} name${checkable === 1 ? "s" : ""} a check, acceptance criteria or files.`,
  };
}

function mergeable(open: readonly PlannedTask[], locks: readonly Lock[]): Point {
  const ids = new Set(open.map((task) => task.id));
  const sharing = new Set<string>();
  for (const lock of locks) {
    if (lock.kind === "resource") continue;
    const holders = new Map(
      lock.holders.filter((holder) => ids.has(holder.task)).map((holder) => [holder.task, holder]),
    );
    const writes = [...holders.values()].some((holder) => holder.amount >= lock.capacity);
    if (writes && holders.size > 1) for (const id of holders.keys()) sharing.add(id);
  }
  const unknown = open.filter(
    (task) => task.files.length === 0 && task.area === undefined && !task.gate && !sharing.has(task.id),
  ).length;
  return {
    question: "Can each task be merged by itself?",
    yes: (sharing.size + unknown) * 4 <= open.length,
    evidence: parts(open.length, [
      [sharing.size, "share a file that one of them writes"],
      [unknown, "name no files"],
    ]),
  };
}

function enough(open: readonly PlannedTask[]): Point {
  return {
    question: "Are there at least five tasks?",
    yes: open.length >= 5,
    evidence: `${count(open.length, "task")} ${open.length === 1 ? "is" : "are"} open.`,
  };
}

function similar(open: readonly PlannedTask[]): Point {
  const average = open.reduce((sum, task) => sum + task.estimate, 0) / Math.max(1, open.length);
  const outliers = open.filter((task) => task.estimate > 2 * average);
  const [largest] = outliers.toSorted((a, b) => b.estimate - a.estimate);
  return {
    question: "Are the tasks of similar size?",
    yes: largest === undefined,
    evidence:
      largest === undefined
        ? `No task takes more than twice the average of ${inWords(average)}.`
        : `${largest.id} takes ${inWords(largest.estimate)}, ${(largest.estimate / average).toFixed(1)} times the average${outliers.length > 1 ? `, and ${outliers.length - 1} more take over twice` : ""}: split it.`,
  };
}

function gain({ sequentialMinutes, expectedMinutes, overheadMinutes }: Forecast): Point {
  const saved = Math.max(0, sequentialMinutes - expectedMinutes);
  return {
    question: "Is more time saved than spent on running in parallel?",
    yes: saved > Math.max(leastGain, overheadMinutes),
    evidence: `It saves about ${inWords(saved)}; launching and verifying cost about ${inWords(Math.max(leastGain, overheadMinutes))}.`,
  };
}

/** `of 8 tasks 3 must run alone and 2 name no files.` */
function parts(all: number, said: readonly (readonly [number, string])[]): string {
  const some = said.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return some.length === 0
    ? `of ${count(all, "task")} none stands in another's way.`
    : `of ${count(all, "task")} ${some.join(" and ")}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
