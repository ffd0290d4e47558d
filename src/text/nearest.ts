/** The candidate that differs least from `word`, or null when none is within `limit` edits (and half its length). */
export function nearest(word: string, candidates: Iterable<string>, limit = 2): string | null {
  let best: string | null = null;
  let distance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= distance) continue;
    const found = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (found < distance && found * 2 <= candidate.length) [best, distance] = [candidate, found];
  }
  return best;
}

/** Levenshtein distance, for words: time and memory grow with the product of the lengths, which are cut at 64. */
export function editDistance(left: string, right: string): number {
  const [a, b] = [left.slice(0, 64), right.slice(0, 64)];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
