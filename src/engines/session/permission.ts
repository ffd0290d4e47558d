/**
 * Whether `command` is one simple call of our own helper and nothing else, so that it may run without asking. Said only of
 * `node "HELPER" verb words…` with exactly this helper's path, a verb that changes nothing but our own files, and words
 * that no shell reads as anything but words: no operator, substitution, redirection, assignment, glob or line end.
 */
export function isOwnCommand(command: string, helper: string): boolean {
  for (const path of [`"${helper}"`, `'${helper}'`, ...(/^[\w./@+-]+$/.test(helper) ? [helper] : [])]) {
    const start = `node ${path} `;
    if (command.startsWith(start) && !/["'$`\\\n]/.test(helper)) return areOwnWords(command.slice(start.length));
  }
  return false;
}

/** `start` and `run` need the hash of a plan that was shown; the rest reads, or writes nothing but the journal. */
const verbs = new Set([
  "next",
  "status",
  "plan",
  "explain",
  "todo",
  "logs",
  "inbox",
  "metrics",
  "doctor",
  "start",
  "run",
  "pause",
  "resume",
  "retry",
  "stop",
  "help",
  "brief",
]);
const word = /^(?:[\p{L}\p{N}_.,:@%+/-][\p{L}\p{N}_.,:@%+/#=-]*|"[^"$`\\!\n\r]*"|'[^'\n\r]*')$/u;

function areOwnWords(rest: string): boolean {
  const words = splitWords(rest);
  if (words === null || !words.every((one) => word.test(one))) return false;
  const verb = words[0] ?? "";
  return verbs.has(verb) && ((verb !== "start" && verb !== "run") || words.includes("--expect"));
}

/** Splits at single blanks outside quotes; null when a quote does not close. */
function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let current = "";
  let quote = "";
  for (const character of text) {
    if (character === " " && quote === "") {
      if (current !== "") words.push(current);
      current = "";
      continue;
    }
    if (quote === "" && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = "";
    current += character;
  }
  if (quote !== "") return null;
  return current === "" ? words : [...words, current];
}
