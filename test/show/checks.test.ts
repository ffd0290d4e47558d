import { expect, test } from "vitest";
import type { Checked, Event } from "../../src/model/event.ts";
import { newestChecks } from "../../src/show/checks.ts";

const at = "2026-01-01T00:00:00Z";

/** One round of checks; those in `red` fail. */
function round(when: Checked["when"], commands: readonly string[], red: readonly string[] = []): Event[] {
  return commands.map((command, index) => ({
    type: "checked",
    at,
    when,
    command,
    result: red.includes(command) ? "failed" : "passed",
    output: "",
    last: index === commands.length - 1,
  }));
}

const merging: Event = { type: "merging", at, tasks: ["T1"], onto: "base" };
const merged: Event = { type: "merged", at, task: "T1", commit: "c1" };
const sentBack: Event = { type: "sent-back", at, task: "T2", reason: "red" };
const four = ["a", "b", "c", "d"];

function said(...events: readonly (readonly Event[])[]): string[] {
  return newestChecks(events.flat()).map(
    ({ command, when, result, failedBefore }) => `${command} ${when} ${result}${failedBefore ? ", as before" : ""}`,
  );
}

test("every command has one line, with its result on the base before anything is merged", () => {
  expect(said(round("baseline", four, ["a"]))).toEqual([
    "a baseline failed, as before",
    "b baseline passed",
    "c baseline passed",
    "d baseline passed",
  ]);
});

test("a merge brings new results, and what was red before the run is known as such", () => {
  const gate = [merging, ...round("gate", ["a", "b"], ["a"]), merged];
  expect(said(round("baseline", ["a", "b"], ["a", "b"]), gate)).toEqual([
    "a gate failed, as before",
    "b gate passed, as before",
  ]);
});

test("a red gate whose merge was taken back leaves no line", () => {
  const gate = [merging, ...round("gate", ["a", "b"], ["b"]), sentBack];
  expect(said(round("baseline", ["a", "b"]), gate)).toEqual(["a baseline passed", "b baseline passed"]);
});

test("nor does one of several tasks of a merge that was left out because of it", () => {
  const gate = [merging, ...round("gate", ["a", "b"], ["b"]), merged, sentBack];
  expect(said(round("baseline", ["a", "b"]), gate)).toEqual(["a gate passed", "b gate passed"]);
});

test("in a session the newest round counts", () => {
  expect(said(round("baseline", ["a"], ["a"]), round("quiet", ["a"]), round("end", ["a"], ["a"]))).toEqual([
    "a end failed, as before",
  ]);
});
