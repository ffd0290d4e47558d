/** A change of one text: at `offset` (in UTF-16 units) `remove` characters give way to `insert`. */
export interface Edit {
  readonly file: string;
  readonly offset: number;
  readonly remove: number;
  readonly insert: string;
}

/** The text with all edits made; of those that overlap only the first is. Everything else keeps its characters. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.offset - b.offset)) {
    if (edit.offset < at) continue;
    parts.push(text.slice(at, edit.offset), edit.insert);
    at = edit.offset + edit.remove;
  }
  return parts.join("") + text.slice(at);
}
