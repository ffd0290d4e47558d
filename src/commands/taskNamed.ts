/** The id that `word` means: itself, or the only one that differs in nothing but case. Null when there is none. */
export function taskNamed(word: string, tasks: ReadonlyMap<string, unknown>): string | null {
  if (tasks.has(word)) return word;
  const [only = null, ...others] = [...tasks.keys()].filter((id) => id.toLowerCase() === word.toLowerCase());
  return others.length === 0 ? only : null;
}
