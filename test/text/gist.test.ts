import { expect, test } from "vitest";
import { gist } from "../../src/text/gist.ts";

test("the form of a report, of which a worker is reminded, is left out for people", () => {
  const reason =
    "the report must say `TASK: T1`, and says no task. End with exactly this form:\nSTATUS: DONE\nTASK: T1";
  expect(gist(reason)).toBe("the report must say `TASK: T1`, and says no task.");
});

test("a check that printed nothing is said to have printed nothing, and what one printed stays", () => {
  const reason = "the check `make` failed. The end of what it printed:\n";
  expect(gist(reason)).toBe("the check `make` failed. It printed nothing.");
  expect(gist(`${reason}no rule`)).toBe(`${reason}no rule`);
});
