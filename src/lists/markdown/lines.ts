/** One line of a text without its line end, and where it begins in the text (in UTF-16 units). */
export interface SourceLine {
  readonly text: string;
  readonly offset: number;
}

/**
 * Splits at `\n`, `\r\n` and a lone `\r`. A byte order mark belongs to no line, so that columns are those an editor
 * shows. A final line end opens no further line.
 */
export function splitLines(text: string): SourceLine[] {
  const lines: SourceLine[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code !== 10 && code !== 13) continue;
    lines.push({ text: text.slice(start, index), offset: start });
    if (code === 13 && text.charCodeAt(index + 1) === 10) index += 1;
    start = index + 1;
  }
  if (start < text.length) lines.push({ text: text.slice(start), offset: start });
  return lines;
}

/** Columns of white space at the start of a line (tabs reach to the next multiple of 4), and how many characters it is. */
export function indentOf(text: string): { columns: number; length: number } {
  let columns = 0;
  let length = 0;
  for (; length < text.length; length += 1) {
    const code = text.charCodeAt(length);
    if (code === 32 || code === 0xa0) columns += 1;
    else if (code === 9) columns += 4 - (columns % 4);
    else break;
  }
  return { columns, length };
}
