import type { SetAside } from "../../model/list.ts";
import type { Outlined } from "./outline.ts";
import type { MarkdownDocument } from "./scan.ts";
import { isOrderHeading } from "./headingSort.ts";
import { tablesOf } from "./tables.ts";
import type { Walk } from "./walk.ts";

/**
 * Headings and tables that are neither tasks, nor parts of one, nor phases: each is set aside once, and answers for
 * what stands under it.
 */
export function leftOut(document: MarkdownDocument, walked: Walk, { phases }: Outlined, title: number): SetAside[] {
  const { file, headings, lines } = document;
  const used = new Set(walked.drafts.flatMap((draft) => draft.lines.map(({ place }) => place.line - 1)));
  for (const { place } of phases) used.add(place.line - 1);
  const out = headings.map(() => false);
  const setAside: SetAside[] = [];
  const add = (line: number, reason: string): void => {
    setAside.push({ file, line: line + 1, text: lines[line]?.text ?? "", reason });
  };
  for (const [index, { name, line, parent }] of headings.entries()) {
    if (out[parent] === true) out[index] = true;
    else if (index !== title && !used.has(line)) {
      out[index] = true;
      add(line, isOrderHeading(name) ? "read for what it says about order" : "no task stands under it");
    }
  }
  for (const { head, rows } of tablesOf(document)) {
    const under = lines[head]?.heading ?? -1;
    if (out[under] === true || used.has(head)) continue;
    const [first] = rows.filter(({ line }) => !used.has(line));
    if (rows.length === 0 || (first && rows.every(({ line }) => !used.has(line))))
      add(head, "a table that lists no tasks");
    else for (const { line } of rows) if (!used.has(line)) add(line, "a row that is no task, or names one again");
  }
  return setAside;
}
