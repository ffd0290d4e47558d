import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { identityOf } from "./identity.ts";

/** Writes a file whole or not at all: temporary file beside it, fsync, rename, fsync of the folder. Throws the system's error. */
export function writeAtomic(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, "w", 0o600);
    try {
      const bytes = Buffer.from(text);
      for (let from = 0; from < bytes.length;) from += writeSync(file, bytes, from);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // `dropHalfWritten` does, later.
    }
    throw error;
  }
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Removes what writers that were killed on the way, or could not finish, left in a folder. Litter is no reason to stop: nothing is thrown. */
export function dropHalfWritten(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const writer = /\.(\d+)\.tmp$/.exec(name)?.[1];
      if (writer !== undefined && (Number(writer) === process.pid || identityOf(Number(writer)) === null))
        rmSync(join(folder, name), { force: true });
    }
  } catch {
    // The next one will.
  }
}
