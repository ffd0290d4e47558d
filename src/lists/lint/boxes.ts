import type { Diagnostic } from "../../model/diagnostic.ts";
import { isAsideHeading } from "../markdown/headingSort.ts";
import { indentOf, splitLines } from "../markdown/lines.ts";
import { headingPath, type MarkdownDocument } from "../markdown/scan.ts";
import type { Finding } from "./finding.ts";

/** One thing wrong with the box of a line: where, how long, and what to write (null where that needs a person). */
interface Fault {
  readonly rule: "box-without-blank" | "box-state" | "overwritten-box";
  readonly message: string;
  readonly expected: string;
  readonly at: number;
  readonly length: number;
  /** Characters of the line, and what to write in their place. */
  readonly mend: { readonly from: number; readonly to: number; readonly text: string } | null;
}

/** Lines that were meant as boxes and are none, or only by luck. Fences, comments and front matter are left alone. */
export function boxFindings(document: MarkdownDocument, text: string): Finding[] {
  const offsets = splitLines(text);
  const aside = document.headings.map((_, index) => headingPath(document.headings, index).some(isAsideHeading));
  return document.lines.flatMap((line, index): Finding[] => {
    if (line.kind !== "item" && line.kind !== "text") return [];
    const fault = faultOf(line.text, aside[line.heading] ?? false);
    const offset = offsets[index]?.offset;
    if (fault === null || offset === undefined) return [];
    const { rule, message, expected, at, length, mend } = fault;
    const diagnostic: Diagnostic = {
      severity: "warning",
      rule,
      message,
      expected,
      fix: mend === null ? "write the box and the mark apart" : "`lint --fix` does that",
      place: { ...line.place, column: at + 1 },
      length,
    };
    const { from, to, text: insert } = mend ?? { from: 0, to: 0, text: "" };
    const edit = { file: document.file, offset: offset + from, remove: to - from, insert };
    return [{ diagnostic, mend: mend && edit }];
  });
}

const opening = /(?:[-*+]|\d{1,9}[.)])([ \t\u00a0]*)\[([^\][\r\n]{0,6})\]/y;
const taskId = /[ \t]+[*`_]{0,3}(?:T\d{1,5}[a-z]?|\d{1,4}(?:\.\d{1,4}){1,5})\b[*`_]{0,3}[ \t]+[A-Za-z[]/y;

function faultOf(text: string, aside: boolean): Fault | null {
  const start = indentOf(text).length;
  opening.lastIndex = start;
  const found = opening.exec(text);
  if (!found) return null;
  const [whole, gap = "", inside = ""] = found;
  const end = start + whole.length;
  const boxAt = end - inside.length - 2;
  const state = inside.trim();
  if (state !== "" && !/^[xX]$/.test(state))
    return aside ? null : overwritten(text, boxAt - gap.length, boxAt, inside, end);
  // `- [](url)` and `- [x](url)` are links, `- [x]: url` defines one.
  if (/^[([:]/.test(text.slice(end, end + 1))) return null;
  const box = `[${state === "" ? " " : state}]`;
  const star = /^\*(?=[^*\s])/.test(text.slice(end, end + 2)) && !text.slice(end + 1).includes("*") ? "*" : "";
  const behind = end + star.length;
  const next = text.slice(behind, behind + 2);
  const glued = (star !== "" || !/^\*\s/.test(next)) && /^[\p{L}\p{N}*`~"“(_#@]/u.test(next);
  if (inside === box.slice(1, -1) && gap !== "" && !glued) return null;
  // All that is wrong is mended at once, so that mending again finds nothing.
  const from = boxAt - gap.length;
  const mend = { from, to: behind, text: `${gap === "" ? " " : gap}${box}${star}${glued ? " " : ""}` };
  if (inside !== box.slice(1, -1)) {
    const what = inside === "" ? "nothing stands in it" : "its blanks keep tools from seeing it";
    const message = `Unexpected box \`[${inside}]\`: ${what}`;
    return { rule: "box-state", message, expected: `\`${box}\``, at: boxAt, length: inside.length + 2, mend };
  }
  const where = gap === "" ? "before it" : "after it, so it is none";
  const message = `Unexpected box: no blank stands ${where}`;
  const at = gap === "" ? boxAt : behind;
  return { rule: "box-without-blank", message, expected: "`- [ ] …`", at, length: 1, mend };
}

/** `- [P] T081 [P] …`, `- [5] T069 [5] …`: search and replace ran over the state; the mark is still behind the id. */
function overwritten(text: string, from: number, boxAt: number, inside: string, end: number): Fault | null {
  taskId.lastIndex = end;
  if (!/^\w{1,2}$/.test(inside) || !taskId.test(text)) return null;
  const next = text.slice(taskId.lastIndex - 1);
  const again = next.startsWith(`[${inside}]`);
  // "- [P] T010 and T011 can run together" is a remark about tasks.
  if (
    !again &&
    /^(?:and|or|can|to|may|must|is|are|runs?|tasks?|through|with|before|after|depends?|blocks?)\b/i.test(next)
  )
    return null;
  return {
    rule: "overwritten-box",
    message: `Unexpected state \`[${inside}]\`: it is no state of a box, so the line is no task`,
    expected: again ? "`[ ]`" : `\`- [ ] T… [${inside}] …\``,
    at: boxAt,
    length: inside.length + 2,
    mend: again ? { from, to: end, text: `${text.slice(from, boxAt) || " "}[ ]` } : null,
  };
}
