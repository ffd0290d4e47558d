import type { Import } from "./importLines.ts";

/** The files of a project, laid out to be found by an import. */
export interface FileIndex {
  readonly files: ReadonlySet<string>;
  /** Paths by their last part. */
  readonly byName: ReadonlyMap<string, readonly string[]>;
  /** Go files by their folder. */
  readonly goFolders: ReadonlyMap<string, readonly string[]>;
}

export function indexFiles(files: readonly string[]): FileIndex {
  const byName = new Map<string, string[]>();
  const goFolders = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, path: string): void => {
    const known = map.get(key);
    if (known === undefined) map.set(key, [path]);
    else known.push(path);
  };
  for (const path of files) {
    const cut = path.lastIndexOf("/");
    add(byName, path.slice(cut + 1), path);
    if (path.endsWith(".go") && !path.endsWith("_test.go")) add(goFolders, path.slice(0, Math.max(0, cut)), path);
  }
  return { files: new Set(files), byName, goFolders };
}

const scriptEndings = [
  ".ts",
  ".tsx",
  ".js",
  ".jsx",
  ".mts",
  ".mjs",
  ".vue",
  ".svelte",
  "/index.ts",
  "/index.tsx",
  "/index.js",
];

/** The files of the project that an import in the file `from` means; none for packages from elsewhere. */
export function resolveImport(index: FileIndex, from: string, { language, name }: Import): readonly string[] {
  switch (language) {
    case "javascript":
      return javascript(index, from, name);
    case "python":
      return python(index, from, name);
    case "go":
      return go(index, name);
    case "rust":
      return rust(index, from, name);
    case "java":
      return bySuffix(index, name.split("."), [".java", ".kt"]);
  }
}

function javascript(index: FileIndex, from: string, name: string): string[] {
  const bases = name.startsWith(".")
    ? [join(folderOf(from), name)]
    : /^(?:@|~|#)\//.test(name)
      ? [`src/${name.slice(2)}`, name.slice(2), `app/${name.slice(2)}`]
      : [];
  for (const base of bases) {
    const bare = base?.replace(/\.[cm]?jsx?$/, "");
    const candidates = [
      base,
      ...scriptEndings.map((ending) => `${base}${ending}`),
      ...scriptEndings.map((ending) => `${bare}${ending}`),
    ];
    const found = candidates.find((path) => index.files.has(path));
    if (found !== undefined) return [found];
  }
  return [];
}

function python(index: FileIndex, from: string, name: string): readonly string[] {
  const dots = /^\.*/.exec(name)?.[0].length ?? 0;
  const parts = name
    .slice(dots)
    .split(".")
    .filter((part) => part !== "");
  if (dots === 0) return bySuffix(index, parts, [".py", "/__init__.py"]);
  const base = join(folderOf(from), "../".repeat(dots - 1));
  const path = [base, ...parts].filter((part) => part !== "").join("/");
  return [`${path}.py`, `${path}/__init__.py`].filter((each) => index.files.has(each)).slice(0, 1);
}

/** A Go import names a folder; its last parts are the folder's path in the project, whatever the module is called. */
function go(index: FileIndex, name: string): readonly string[] {
  const parts = name.split("/");
  for (let start = 1; start < parts.length; start += 1) {
    const found = index.goFolders.get(parts.slice(start).join("/"));
    if (found !== undefined) return found;
  }
  return [];
}

function rust(index: FileIndex, from: string, name: string): string[] {
  const [first, ...rest] = name.split("::");
  const file = from.slice(from.lastIndexOf("/") + 1);
  const ownFolder = /^(?:mod|lib|main)\.rs$/.test(file) ? folderOf(from) : `${from.replace(/\.rs$/, "")}/`;
  const source = from.indexOf("src/");
  const above = rest.filter((part) => part === "super").length;
  const folder =
    first === "crate"
      ? from.slice(0, source === -1 ? 0 : source + 4)
      : first === "self"
        ? ownFolder
        : join(ownFolder, "../".repeat(above + 1));
  const parts = rest.filter((part) => part !== "super");
  for (let length = parts.length; length > 0; length -= 1) {
    const path = join(folder, parts.slice(0, length).join("/"));
    const found = [`${path}.rs`, `${path}/mod.rs`].find((each) => index.files.has(each));
    if (found !== undefined) return [found];
  }
  return [];
}

/** The one file whose path ends with these parts, or with all but the last (which is then a name in that file). */
function bySuffix(index: FileIndex, parts: readonly string[], endings: readonly string[]): readonly string[] {
  for (const wanted of [parts, parts.slice(0, -1)]) {
    if (wanted.length === 0 || (wanted.length === 1 && parts.length > 1)) continue;
    for (const ending of endings) {
      const tail = `${wanted.join("/")}${ending}`;
      const found = (index.byName.get(tail.slice(tail.lastIndexOf("/") + 1)) ?? []).filter(
        (path) => path === tail || path.endsWith(`/${tail}`),
      );
      if (found.length === 1) return found;
    }
  }
  return [];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** A relative path below a folder, with its `.` and `..` taken out; what climbs above the project is cut off there. */
function join(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}
