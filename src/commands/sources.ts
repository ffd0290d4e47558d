import { readdirSync, statSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import { isDatabase, readDatabase } from "./database.ts";
import { hiddenFolders, isNamedAsList, isNamedAsPlan } from "../lists/readList.ts";
import { readRegular } from "../process/readRegular.ts";

/** A file as it is on disk; `file` is the path as the person gave it. */
export interface Source {
  readonly file: string;
  readonly bytes: Uint8Array;
}

const MOST_BYTES = 20 * 1024 * 1024;

/** Reads one list or configuration file. A symbolic link is followed, also out of the project: reading changes nothing. */
export function readSource(file: string, path: string): Outcome<Source> {
  const read = readRegular(path, { limit: MOST_BYTES });
  if (!read.ok) {
    switch (read.why) {
      case "not-a-file":
        return fails(file, "not-a-file", `\`${file}\` cannot be read: ${read.reason}`, "a regular file", NAME_LIST);
      case "too-large":
        return fails(
          file,
          "too-large",
          `\`${file}\` cannot be read: ${read.reason}`,
          "at most 20 MB",
          "name the task list itself",
        );
      case "missing":
        return fails(file, "unreadable", `\`${file}\` cannot be read: ${read.reason}`, "a file that exists", NAME_LIST);
    }
  }
  const { bytes } = read;
  if (!isDatabase(bytes)) return { ok: true, value: { file, bytes } };
  const rows = readDatabase(file, path);
  return rows.ok ? { ok: true, value: { file, bytes: Buffer.from(rows.value) } } : rows;
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
const LEAVE_OUT = new Set(["node_modules", "dist", "build", "vendor", "target", "coverage"]);
const MOST_FOLDERS = 5000;
const DEEPEST = 6;

/** Files below a folder that are named as task lists are, nearest first, at most four levels deep; else as plans are. */
export function findLists(folder: string): string[] {
  const lists = findFiles(folder, isNamedAsList, 4);
  return lists.length > 0 ? lists : findFiles(folder, isNamedAsPlan, 1);
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
        const hidden = entry.name.startsWith(".") && !hiddenFolders.has(entry.name);
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
    .filter((entry) => entry.isFile() && /\.(?:md|markdown|json|ya?ml|org|csv)$/i.test(entry.name))
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
