import { expect, test } from "vitest";
import { formatRows, formatTable, units, type Row } from "./formats.ts";
import { withCorpus } from "./withCorpus.ts";

const atHand = units().length > 0;
const rows: readonly Row[] = atHand ? formatRows() : [];

test("the corpus of real lists is scored, or is not at hand and says so", () => {
  expect(rows.length > 0).toBe(atHand);
  expect(formatTable(rows)).toContain("boxes lost");
});

withCorpus("real lists", () => {
  test.each(rows)("$format: a list is found in every file or folder", ({ unread, tasks }) => {
    expect(unread).toBe(0);
    expect(tasks).toBeGreaterThan(0);
  });

  test.each(rows)("$format: every box is a task or set aside", ({ unaccounted }) => {
    expect(unaccounted).toBe(0);
  });

  test.each(rows)("$format: tasks and stated edges are those expected, or the difference is explained", (row) => {
    expect([...row.wrong, ...row.missed, ...row.tasksOff]).toEqual([]);
  });
});
