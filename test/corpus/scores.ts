/** How well one kind of answer agrees with the labels. */
export interface Score {
  readonly what: string;
  readonly found: number;
  /** Of those found, how many are right. */
  readonly right: number;
  readonly wanted: number;
  /** Of those wanted, how many were found. */
  readonly recalled: number;
}

export function precision({ found, right }: Score): number {
  return found === 0 ? 1 : right / found;
}

export function recall({ wanted, recalled }: Score): number {
  return wanted === 0 ? 1 : recalled / wanted;
}

/** The scores as a table. */
export function scoreTable(scores: readonly Score[]): string {
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  const rows = [
    ["", "found", "right", "precision", "wanted", "recall"],
    ...scores.map((score) => [
      score.what,
      String(score.found),
      String(score.right),
      percent(precision(score)),
      String(score.wanted),
      percent(recall(score)),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}
