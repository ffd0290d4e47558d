/** A name that a file imports, as written in its language. */
export interface Import {
  readonly language: Language;
  readonly name: string;
}

export type Language = "javascript" | "python" | "go" | "rust" | "java";

/** The language of a path that imports can be read of, or null. */
export function languageOf(path: string): Language | null {
  const extension = path.slice(path.lastIndexOf(".") + 1);
  switch (extension) {
    case "ts":
    case "tsx":
    case "mts":
    case "cts":
    case "js":
    case "jsx":
    case "mjs":
    case "cjs":
    case "vue":
    case "svelte":
      return "javascript";
    case "py":
    case "pyi":
      return "python";
    case "go":
      return "go";
    case "rs":
      return "rust";
    case "java":
    case "kt":
      return "java";
    default:
      return null;
  }
}

/** A line longer than this is no import that a person wrote. */
const longest = 1000;

/**
 * What a source text imports, line by line, in one pass. It reads the lines that people write: an import built by a
 * program, or one in a comment that looks like one, is taken for what it looks like.
 */
export function importLines(path: string, text: string): Import[] {
  const language = languageOf(path);
  if (language === null) return [];
  const names: string[] = [];
  let inBlock = false;
  for (const raw of text.split("\n")) {
    const line = raw.length > longest ? "" : raw.trim();
    if (line === "") continue;
    switch (language) {
      case "javascript":
        javascript(line, names);
        break;
      case "python":
        python(line, names);
        break;
      case "go":
        if (line.startsWith("import (")) inBlock = true;
        else if (inBlock && line.startsWith(")")) inBlock = false;
        else if (inBlock || line.startsWith("import ")) quoted(line, names);
        break;
      case "rust":
        rust(line, names);
        break;
      case "java":
        if (line.startsWith("import "))
          names.push(
            line
              .slice(7)
              .replace(/^static /, "")
              .replace(/[;\s].*$/, ""),
          );
    }
  }
  return [...new Set(names)].map((name) => ({ language, name }));
}

/** `import … from "x"`, `export … from "x"`, `import "x"`, `require("x")`, `import("x")`; the end of one over several lines. */
function javascript(line: string, names: string[]): void {
  for (const opening of ["from ", "import ", "import(", "require("]) {
    for (let at = line.indexOf(opening); at !== -1; at = line.indexOf(opening, at + 1)) {
      const start = at + opening.length;
      const quote = line[start];
      if (quote !== '"' && quote !== "'") continue;
      const end = line.indexOf(quote, start + 1);
      if (end !== -1) names.push(line.slice(start + 1, end));
    }
  }
}

/** `import a.b, c as d`; `from .a import b, c` gives `.a`, `.a.b` and `.a.c`, of which some are files. */
function python(line: string, names: string[]): void {
  if (line.startsWith("import ")) {
    for (const part of line.slice(7).split(",")) names.push(part.trim().split(/\s/)[0] ?? "");
    return;
  }
  const words = line.startsWith("from ") ? line.split(/\s+/) : [];
  const module = words[1];
  if (module === undefined || words[2] !== "import") return;
  names.push(module);
  for (const part of words.slice(3).join(" ").split(",")) {
    const name =
      part
        .replace(/[()\\#].*$|^\(/g, "")
        .trim()
        .split(" ")[0] ?? "";
    if (/^\w+$/.test(name)) names.push(module.endsWith(".") ? `${module}${name}` : `${module}.${name}`);
  }
}

function quoted(line: string, names: string[]): void {
  const open = line.indexOf('"');
  const close = line.indexOf('"', open + 1);
  if (open !== -1 && close !== -1) names.push(line.slice(open + 1, close));
}

/** `mod a;`, `use crate::a::b;`, `use super::a::{b, c};` (braces are cut off: what stands before them is the module). */
function rust(line: string, names: string[]): void {
  const rest = line.replace(/^pub(?:\([a-z ]{1,20}\))? /, "");
  if (rest.startsWith("mod ") && rest.endsWith(";")) names.push(`self::${rest.slice(4, -1).trim()}`);
  if (!rest.startsWith("use ")) return;
  const name =
    rest
      .slice(4)
      .split(/[{;]| as /)[0]
      ?.trim()
      .replace(/(?:::)?\*?$/, "") ?? "";
  if (/^(?:crate|super|self)::/.test(name)) names.push(name);
}
