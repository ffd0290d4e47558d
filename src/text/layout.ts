/** How a report is laid out: columns to fill at most, and whether colours are welcome. */
export interface Style {
  readonly width: number;
  readonly colour: boolean;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const NARROW = /^[\u0020-\u007e]*$/;
const COMBINING = /\p{Mark}/u;

/** Columns that a terminal gives to a text without control characters. An estimate: terminals disagree on emoji. */
export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : COMBINING.test(character) ? 0 : 1;
  return width;
}

/** The text, cut to `width` columns; `…` stands for what was cut. Looks no further than it cuts, however long the text is. */
export function clip(text: string, width: number): string {
  let used = 0;
  let end = 0;
  // Where the cut would be: with the `…` behind it, the text fills the width.
  let cut = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width) return width < 1 ? "" : `${text.slice(0, cut).trimEnd()}…`;
    end += character.length;
    if (used < width) cut = end;
  }
  return text;
}

export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** Breaks at blanks so that no line is wider than `width`; a word that is wider alone is cut into pieces. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const room = Math.max(8, width - indent.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const [first = "", ...others] = pieces(word, room);
    if (line !== "" && others.length === 0 && displayWidth(line) + 1 + displayWidth(first) <= room) {
      line += ` ${first}`;
      continue;
    }
    if (line !== "") lines.push(line);
    for (const piece of [first, ...others].slice(0, -1)) lines.push(piece);
    line = others.at(-1) ?? first;
  }
  lines.push(line);
  return lines.map((each, index) => (index === 0 ? each : indent + each));
}

/** A word, cut where it is wider than a line. Goes over it once, however long it is. */
function pieces(word: string, room: number): string[] {
  if (displayWidth(word) <= room) return [word];
  const cut: string[] = [];
  let piece = "";
  let used = 0;
  for (const character of word) {
    const width = displayWidth(character);
    if (used + width > room) {
      cut.push(piece);
      [piece, used] = ["", 0];
    }
    piece += character;
    used += width;
  }
  return [...cut, piece];
}

export type Paint = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";
const CODES: Record<Paint, number> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32, cyan: 36 };

export function paint(style: Style, colour: Paint, text: string): string {
  return style.colour ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
}

/** `1 task`, `2 tasks`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

/** The first `most` of a long list, and how many were left out. */
export function several(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return rest <= 1 ? items.join(", ") : `${items.slice(0, most).join(", ")} and ${rest} more`;
}
