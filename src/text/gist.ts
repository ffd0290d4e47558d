/**
 * A reason as a person needs it: without the form of a report that a worker is reminded of, and without the announcement of a
 * check's output where it printed nothing.
 */
export function gist(reason: string): string {
  return reason
    .replace(/\s*End with exactly this form:[\s\S]*$/, "")
    .replace(/ The end of what it printed:\s*$/, " It printed nothing.");
}
