import type { ProseLine } from "../../model/list.ts";
import { findCues } from "./cues.ts";
import type { Operand } from "./groupIndex.ts";
import type { Context } from "./ids.ts";
import { readReferences } from "./references.ts";
import { isAboutOrder } from "./sections.ts";
import { pushStatement, type Found, type Origin } from "./statement.ts";
import { words, type Word } from "./words.ts";

/** A line of a drawing: what stands at its end and how far in, so that a line that begins with an arrow finds its tail. */
interface Node {
  readonly column: number;
  readonly operands: readonly Operand[];
}

const sideBySide = new Set(["can", "be", "run", "done", "in", "parallel", "together"]);
/** `↓` on a line of its own joins the line above to the line below. */
const downArrow: Word = { kind: "arrow", text: ">", lower: ">", start: 0 };
const mayHoldArrow = /->|=>|<-|[→⇒➜➔⟶⟹▶←⇐⟵]/;
const orderLabel =
  /^(?:critical path|sequential|sequence|order|execution order|dependencies|dependency graph|dependency chain)$/;

/** Edges drawn with arrows under headings about order, in mermaid fences, and on lines labelled `Sequential:` or `Critical path:`. */
export function drawnWithArrows(context: Context, found: Found): void {
  let tails: Node[] = [];
  let down = false;
  let previous: ProseLine | null = null;
  for (const line of context.groups.list.prose) {
    const follows =
      previous !== null &&
      previous.fence === line.fence &&
      previous.place.file === line.place.file &&
      line.place.line === previous.place.line + 1;
    if (!follows || line.text.trim() === "") tails = [];
    previous = line;
    if (!isDrawing(line)) continue;
    if (/^[\s│|]*[↓▼⬇][\s│|↓▼⬇]*$/.test(line.text)) {
      down = tails.length > 0;
      continue;
    }
    tails = readLine(context, line, tails, down, found);
    down = false;
  }
}

function isDrawing(line: ProseLine): boolean {
  if (line.fence !== null && line.fence !== "")
    return (
      /^(?:mermaid|text|txt|plain|ascii)/i.test(line.fence) && (isAboutOrder(line) || /^mermaid/i.test(line.fence))
    );
  if (isAboutOrder(line)) return true;
  if (!mayHoldArrow.test(line.text)) return false;
  const cut = words(line.text);
  const colon = cut.findIndex((word) => word.text === ":");
  const label = cut
    .slice(0, Math.max(colon, 0))
    .filter((word) => word.kind === "word")
    .map((word) => word.lower)
    .join(" ");
  return orderLabel.test(label);
}

function readLine(context: Context, line: ProseLine, tails: Node[], down: boolean, found: Found): Node[] {
  const cut = words(line.text);
  const arrows = mayHoldArrow.test(line.text);
  if (cut.length === 0) return tails;
  // `Task 4 → Depends on 1` is a sentence, not a drawing
  if (arrows && findCues(cut).some((cue) => cue.strong && cue.direction !== "beside")) return tails;
  const mermaid = /^mermaid/i.test(line.fence ?? "");
  const column = cut.find((word) => word.kind === "word")?.start ?? 0;
  const origin: Origin = {
    kind: "section",
    evidence: line.text.trim().slice(0, 300),
    source: { ...line.place, column: line.place.column + (cut[0]?.start ?? 0) },
    confidence: 0.95,
  };
  let start = 0;
  let left: readonly Operand[] = [];
  let end: readonly Operand[] = [];
  let arrow: Word | null = null;
  if (down) {
    left = tails.at(-1)?.operands ?? [];
    arrow = downArrow;
  } else if (cut[0]?.kind === "arrow") {
    left = tails.findLast((node) => node.column < column)?.operands ?? [];
  } else {
    const colon = mermaid ? -1 : labelEnd(cut);
    start = colon + 1;
  }
  for (let at = start; at <= cut.length; at += 1) {
    const word = cut[at];
    if (word !== undefined && word.kind !== "arrow") continue;
    if (at > start || at === cut.length) {
      const right = segment(context, cut.slice(start, at), mermaid);
      if (arrow !== null) join(context, left, right, arrow, origin, found);
      left = right;
      if (right.length > 0) end = right;
    }
    arrow = word ?? null;
    start = at + 1;
  }
  return end.length === 0 ? tails : [...tails.filter((node) => node.column < column), { column, operands: end }];
}

function join(
  context: Context,
  left: readonly Operand[],
  right: readonly Operand[],
  arrow: Word,
  origin: Origin,
  found: Found,
): void {
  if (arrow.text === "<>") return;
  const [before, after] = arrow.text === "<" ? [right, left] : [left, right];
  for (const first of before) {
    for (const second of after) pushStatement(context, first, second, origin, found);
  }
}

/** A stretch between arrows counts only when it is nothing but references, perhaps after a bullet or a short name. */
function segment(context: Context, cut: readonly Word[], mermaid: boolean): readonly Operand[] {
  let start = 0;
  while (cut[start]?.text === "-" || cut[start]?.text === "[" || cut[start]?.text === ">") start += 1;
  const reading = readReferences(context, cut, start, { numbers: true, named: true });
  const rest = cut.slice(reading.next).filter((word) => word.kind === "word" && !sideBySide.has(word.lower));
  if (rest.length > 0 && !mermaid && cut[reading.next]?.text !== "]" && cut[reading.next]?.text !== ":") return [];
  return reading.operands;
}

function labelEnd(cut: readonly Word[]): number {
  const arrow = cut.findIndex((word) => word.kind === "arrow");
  const colon = cut.findIndex((word) => word.text === ":");
  return colon !== -1 && arrow !== -1 && colon < arrow && cut.slice(0, colon).every((word) => !/[0-9]/.test(word.text))
    ? colon
    : -1;
}
