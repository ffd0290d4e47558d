import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { scoreEvidence } from "./evidence.ts";
import { corpus } from "./formats.ts";
import { withCorpus } from "./withCorpus.ts";
import { report } from "./report.ts";
import { precision, recall, scoreTable, type Score } from "./scores.ts";

const scores = existsSync(corpus) ? scoreEvidence() : null;

function scoreOf(what: string): Score {
  const found = scores?.find((score) => score.what === what);
  if (found === undefined) throw new Error(`nothing scores ${what}`);
  return found;
}

withCorpus("on real lists", () => {
  test("pairs are kept apart with reason, and most that should be are", () => {
    const score = scoreOf("conflict: all that is acted upon");
    expect(precision(score)).toBeGreaterThan(0.95);
    expect(recall(score)).toBeGreaterThan(0.78);
  });

  test("what is put in order without being stated is in order", () => {
    const score = scoreOf("edge: all that is acted upon");
    expect(precision(score)).toBeGreaterThan(0.88);
    expect(recall(score)).toBeGreaterThan(0.18);
  });
});

test("the report has the scores of reading and those of the evidence, or says that there is nothing to score", () => {
  expect(report()).toMatch(scores === null ? /nothing was scored/ : /speckit[^]*conflict: all that is acted upon/);
});

test("the table has one row for each score", () => {
  const score = { what: "edge: file", found: 4, right: 3, wanted: 10, recalled: 3 };
  expect(scoreTable([score]).split("\n")[1]).toMatch(/^edge: file +4 +3 +75\.0 % +10 +30\.0 %$/);
});
