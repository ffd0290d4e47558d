import { readdirSync, readFileSync, statSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import { isDatabase, readDatabase } from "./database.ts";
import { isNamedAsList } from "../lists/readList.ts";

/** A file as it is on disk; `file` is the path as the person gave it. */
export interface Source {
  readonly file: string;
  readonly bytes: Uint8Array;
}

const MOST_BYTES = 20 * 1024 * 1024;

/**
 * Reads one file. Only regular files are opened: a pipe or a device would block or never end.
 * A symbolic link is followed, also out of the project: reading a list changes nothing.
 */
export function readSource(file: string, path: string): Outcome<Source> {
  const found = lookAt(path);
  if (!(found instanceof Error)) {
    if (!found.isFile())
      return fails(file, "not-a-file", `\`${file}\` is ${kindOf(found)}`, "a regular file", NAME_LIST);
    if (found.size > MOST_BYTES) {
      const size = `${(found.size / 1024 / 1024).toFixed(0)} MB`;
      return fails(file, "too-large", `\`${file}\` is ${size} large`, "at most 20 MB", "name the task list itself");
    }
  }
  try {
    const bytes = readFileSync(path);
    if (!isDatabase(bytes)) return { ok: true, value: { file, bytes } };
    const rows = readDatabase(file, path);
    return rows.ok ? { ok: true, value: { file, bytes: Buffer.from(rows.value) } } : rows;
  } catch (error) {
    return fails(file, "unreadable", `\`${file}\` cannot be read: ${reason(error)}`, "a file that exists", NAME_LIST);
  }
}

export function isFolder(path: string): boolean {
  const found = lookAt(path);
  return !(found instanceof Error) && found.isDirectory();
}

export function isFile(path: string): boolean {
  const found = lookAt(path);
  return !(found instanceof Error) && found.isFile();
}

export function exists(path: string): boolean {
  return !(lookAt(path) instanceof Error);
}

const NAME_LIST = "name the task list or the folder that holds it";
/** Hidden folders in which known tools keep lists. */
const SPEC_FOLDERS = new Set([
  ".specify",
  ".kiro",
  ".agent-os",
  ".taskmaster",
  ".claude",
  ".beads",
  ".planning",
  ".compozy",
  ".cursor",
  ".copilot",
  ".scratch",
  ".sisyphus",
  ".omo",
  ".spec-workflow",
]);
const LEAVE_OUT = new Set(["node_modules", "dist", "build", "vendor", "target", "coverage"]);
const MOST_FOLDERS = 5000;
const DEEPEST = 6;

/** Files below a folder that are named as task lists are, nearest first, at most four levels deep. */
export function findLists(folder: string): string[] {
  return findFiles(folder, isNamedAsList, 4);
}

/**
 * Files below a folder that `wanted` names by their paths in it, nearest first. Hidden folders
 * other than those of known tools are left out, and so are folders of other people's code. Links are not followed.
 */
export function findFiles(folder: string, wanted: (path: string) => boolean, deepest = DEEPEST): string[] {
  const files: string[] = [];
  let level: string[] = [""];
  let looked = 0;
  for (let depth = 0; depth <= deepest && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const below of level) {
      if ((looked += 1) > MOST_FOLDERS) return files;
      for (const entry of entriesOf(join(folder, below))) {
        const path = below === "" ? entry.name : `${below}/${entry.name}`;
        if (entry.isFile() && wanted(path)) files.push(path);
        const hidden = entry.name.startsWith(".") && !SPEC_FOLDERS.has(entry.name);
        if (entry.isDirectory() && !hidden && !LEAVE_OUT.has(entry.name)) next.push(path);
      }
    }
    level = next;
  }
  return files;
}

/** Markdown, JSON and YAML files that stand directly in a folder. */
export function documentsIn(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isFile() && /\.(?:md|markdown|json|ya?ml)$/i.test(entry.name))
    .map((entry) => entry.name);
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function lookAt(path: string): Stats | Error {
  try {
    return statSync(path);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a pipe";
  if (found.isSocket()) return "a socket";
  return "a device";
}

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "its symbolic links go round in a circle",
  ENAMETOOLONG: "the name is too long",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "it is a folder",
};

function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

function fails(file: string, rule: string, message: string, expected: string, fix: string): Outcome<never> {
  const diagnostic: Diagnostic = {
    severity: "error",
    rule,
    message,
    expected,
    fix,
    place: { file, line: 1, column: 1 },
  };
  return { ok: false, diagnostics: [diagnostic] };
}
