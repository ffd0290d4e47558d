/**
 * Characters that change what a terminal or a reader sees without being seen: controls (an escape sequence starts with
 * one), bidirectional overrides, zero-width and format characters, tags, half surrogates.
 * Variation selectors stay: emoji need them and they hide nothing.
 */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

/** Foreign text for people's eyes: unseen characters become `\u{…}`, a tab a blank. One line stays one line. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) =>
    character === "\t" ? " " : `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`,
  );
}

/** The same for text of several lines: the line ends stay. */
export function visibleLines(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => visible(line))
    .join("\n");
}

/** JSON text that says the same and holds no unseen character but its line ends and blanks. */
export function visibleJson(json: string): string {
  return json.replace(UNSEEN, (character) =>
    /[\t\n\r]/.test(character)
      ? character
      : Array.from(
          { length: character.length },
          (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
        ).join(""),
  );
}

/** One word of a POSIX shell command line: bare where that is safe, otherwise in single quotes. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+:,./][A-Za-z0-9_@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The start of a command line that calls the helper at `path`, as permission rules of the client name it where they can. */
export function helperCall(path: string): string {
  return /["$`\\!\n\r]/.test(path) ? `node ${shellWord(path)}` : `node "${path}"`;
}
