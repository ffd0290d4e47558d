import type { Diagnostic } from "../model/diagnostic.ts";
import type { Source } from "./format.ts";

const most = 20;

/** An error for each merge conflict that nobody resolved: both sides stand in the text, so nobody can say what is asked. */
export function conflictMarkers({ file, markdown }: Source): Diagnostic[] {
  const found: Diagnostic[] = [];
  let open: number | null = null;
  let middle = false;
  for (const { text, kind, place } of markdown.lines) {
    // A fence may show what such markers look like.
    if (kind === "code" || text.length > 200) continue;
    if (/^<{7}(?:\s|$)/.test(text)) [open, middle] = [place.line, false];
    else if (open !== null && /^={7}\s*$/.test(text)) middle = true;
    else if (open !== null && middle && /^>{7}(?:\s|$)/.test(text)) {
      if (found.length < most) found.push(conflict(file, open, place.line));
      open = null;
    }
  }
  return found;
}

function conflict(file: string, first: number, last: number): Diagnostic {
  return {
    severity: "error",
    rule: "merge-conflict",
    message: `Merge conflict on lines ${first} to ${last}: both sides are still in the list`,
    expected: "a list without `<<<<<<<`, `=======` and `>>>>>>>`",
    fix: "resolve the conflict, then plan again",
    place: { file, line: first, column: 1 },
  };
}
