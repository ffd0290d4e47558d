/** A piece of a line: a word (ids and ranges like `T004-T007` are one word), an arrow, or a mark such as `,` or `(`. */
export interface Word {
  readonly kind: "word" | "arrow" | "mark";
  readonly text: string;
  readonly lower: string;
  /** Offset of the first character in the line, in UTF-16 units. */
  readonly start: number;
}

const rightArrows = new Set(["→", "⇒", "➜", "➔", "⟶", "⟹", "▶"]);
const leftArrows = new Set(["←", "⇐", "⟵"]);
const idPunctuation = new Set([".", "_", "#", "'", "’", "@"]);
const skipped = new Set(["*", "`", "~", "!", "?", "║", "|"]);

/**
 * Cuts a line into words, arrows and marks in one pass over its characters. Emphasis and code marks vanish; a full stop
 * that ends a sentence is the mark `.`; a dash with space around it is the mark `-`, an en dash between ids the mark `–`.
 */
export function words(line: string): Word[] {
  const found: Word[] = [];
  let at = 0;
  while (at < line.length) {
    const character = line[at] ?? "";
    if (isWordCharacter(character)) {
      at = takeWord(line, at, found);
    } else if (character === "-" || character === "=" || character === "<") {
      at = takeDashes(line, at, found);
    } else if (rightArrows.has(character) || leftArrows.has(character)) {
      push(found, "arrow", leftArrows.has(character) ? "<" : ">", at);
      at += 1;
    } else {
      if (!skipped.has(character) && !isSpace(character) && !isBoxDrawing(character))
        push(found, "mark", plainMark(character), at);
      at += 1;
    }
  }
  return found;
}

function takeWord(line: string, start: number, found: Word[]): number {
  const wide = isWide(line[start] ?? "");
  let end = start + 1;
  while (end < line.length) {
    const character = line[end] ?? "";
    if (character === "-") {
      // one dash inside a word belongs to it (`task-2`, `T004-T007`); a run of dashes or an arrow ends it
      if (!isWordCharacter(line[end + 1] ?? "")) break;
      end += 1;
    } else if (isWordCharacter(character) && isWide(character) === wide) {
      end += 1;
    } else {
      break;
    }
  }
  let first = start;
  let last = end;
  while (last > first && isEdgePunctuation(line[last - 1] ?? "")) last -= 1;
  while (first < last && isEdgePunctuation(line[first] ?? "")) first += 1;
  if (last > first) push(found, "word", line.slice(first, last), first);
  if (line[last] === "." && (end === line.length || isSpace(line[end] ?? ""))) push(found, "mark", ".", last);
  return end;
}

function takeDashes(line: string, start: number, found: Word[]): number {
  const left = line[start] === "<";
  let end = start + (left ? 1 : 0);
  while (line[end] === "-" || line[end] === "=" || (line[end] === "." && line[end + 1] === "-")) end += 1;
  const dashes = end - start;
  const right = line[end] === ">";
  if (right && dashes > (left ? 1 : 0)) push(found, "arrow", left ? "<>" : ">", start);
  else if (left && dashes > 1) push(found, "arrow", "<", start);
  else if (!left) push(found, "mark", line[start] === "=" ? "=" : "-", start);
  return Math.max(end + (right ? 1 : 0), start + 1);
}

function push(found: Word[], kind: Word["kind"], text: string, start: number): void {
  found.push({ kind, text, lower: kind === "word" ? text.toLowerCase() : text, start });
}

function isWordCharacter(character: string): boolean {
  if (character >= "0" && character <= "9") return true;
  if ((character >= "a" && character <= "z") || (character >= "A" && character <= "Z")) return true;
  if (idPunctuation.has(character)) return true;
  return character > "\u00bf" && /[\p{L}\p{N}\p{M}]/u.test(character);
}

/** Chinese and Japanese put no spaces around an id: `依赖1.1` is two words. */
function isWide(character: string): boolean {
  return character >= "\u2e80" && character <= "\uffdc";
}

function isEdgePunctuation(character: string): boolean {
  return character === "." || character === "_" || character === "'" || character === "’" || character === "-";
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t" || character === "\u00a0" || character === "\u3000";
}

function isBoxDrawing(character: string): boolean {
  return character >= "\u2500" && character <= "\u257f";
}

function plainMark(character: string): string {
  switch (character) {
    case "，":
    case "、":
      return ",";
    case "：":
      return ":";
    case "（":
      return "(";
    case "）":
      return ")";
    case "；":
      return ";";
    case "。":
      return ".";
    case "—":
    case "‑":
      return "–";
    default:
      return character;
  }
}
