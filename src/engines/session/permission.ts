/**
 * Whether `command` is one simple call of our own helper and nothing else, so that it may run without asking: `node`, exactly
 * this helper's path, a verb that changes nothing but our own files, and words that a shell takes as they are. An
 * operator, substitution, redirection, assignment, glob or line end outside of quotes makes it something else.
 */
export function isOwnCommand(command: string, helper: string): boolean {
  const words = plainWords(command);
  if (words === null || words[0] !== "node" || words[1] !== helper) return false;
  const [verb = "", ...rest] = words.slice(2);
  return verbs.has(verb) && ((verb !== "start" && verb !== "run") || rest.includes("--expect"));
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

/** Characters that no shell reads as anything but themselves; at the start of a word fewer. */
const bareStart = /[\p{L}\p{N}_.,:@%+/-]/u;
const bare = /[\p{L}\p{N}_.,:@%+/#=-]/u;

/**
 * The words of a command line in which a POSIX shell expands nothing, without their quotes; null for any other. A quoted
 * part may stand next to a bare one: `'O'\\''Brien'` is one word.
 */
function plainWords(command: string): string[] | null {
  const words: string[] = [];
  const characters = [...command];
  if (characters[0] === " ") return null;
  let at = 0;
  while (at < characters.length) {
    if (at > 0) {
      if (characters[at] !== " ") return null;
      while (characters[at] === " ") at += 1;
      if (at === characters.length) break;
    }
    const start = at;
    let word = "";
    while (at < characters.length && characters[at] !== " ") {
      const character = characters[at] ?? "";
      if (character === "'" || character === '"') {
        const end = characters.indexOf(character, at + 1);
        const inside = end === -1 ? null : characters.slice(at + 1, end).join("");
        // In double quotes these are read by the shell, and `!` by an interactive one.
        if (inside === null || (character === '"' && /[$`\\!\n\r]/.test(inside)) || inside.includes("\0")) return null;
        word += inside;
        at = end + 1;
      } else if (character === "\\" && characters[at + 1] === "'") {
        word += "'";
        at += 2;
      } else if ((at === start ? bareStart : bare).test(character)) {
        word += character;
        at += 1;
      } else return null;
    }
    words.push(word);
  }
  return words;
}
