/** One conflict as git leaves it in a file, with or without the part that shows what was there before. */
const conflict = /^<{7}[^\n]*\n([^]*?)(?:^\|{7}[^\n]*\n[^]*?)?^={7}\n([^]*?)^>{7}[^\n]*\n/gm;
const list = /^const sections = \[(.*)\];$/;

/** The text with every conflict resolved as both sides meant it: the imports of both, and one list with the sections of both. */
export function both(text: string): string {
  return text.replaceAll(conflict, (_, ours: string, theirs: string) => {
    const lines = [...ours.split("\n"), ...theirs.split("\n")];
    const imports = lines.filter((line) => line.startsWith("import "));
    const names = lines.flatMap((line) => list.exec(line)?.[1]?.split(", ") ?? []);
    const sections = names.length === 0 ? [] : [`const sections = [${[...new Set(names)].join(", ")}];`];
    const between = imports.length > 0 && sections.length > 0 ? [""] : [];
    return [...new Set(imports), ...between, ...sections].map((line) => `${line}\n`).join("");
  });
}
