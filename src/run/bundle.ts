import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Bundle, Event } from "../model/event.ts";
import { textOfRegular } from "../process/readRegular.ts";
import { writeAtomic } from "../process/writeAtomic.ts";

/**
 * Copies the program into a run's folder. The run is carried to its end by this copy: the plugin's own folder is replaced at
 * every update, under supervisors and keepers that live. Null when the program cannot be read, as when it is no single file.
 */
export function copyProgram(program: string, folder: string, version: string): Bundle | null {
  const text = textOfRegular(program);
  if (text === null) return null;
  if (textOfRegular(copyIn(folder)) !== text) writeAtomic(copyIn(folder), text);
  return { version, digest: digestOf(text) };
}

/** Which program began a run, or took it over last; null for a run of a version that kept no copy. */
export function bundleOf(events: readonly Event[]): Bundle | null {
  const last = events.findLast(
    (event) => (event.type === "started" || event.type === "adopted") && event.bundle !== undefined,
  );
  return last?.type === "started" || last?.type === "adopted" ? (last.bundle ?? null) : null;
}

/** The run's own copy of the program that began it, or null when it is missing or damaged. */
export function intactCopy(folder: string, { digest }: Bundle): string | null {
  return isProgram(copyIn(folder), digest) ? copyIn(folder) : null;
}

/** Whether the file is exactly the program with this digest. */
export function isProgram(path: string, digest: string): boolean {
  const text = textOfRegular(path);
  return text !== null && digestOf(text) === digest;
}

/**
 * The program to start keepers and supervisors of a run with: its copy, put back from `own` when somebody damaged or deleted
 * it, and `own`, the program that runs now, where no copy can be had.
 */
export function programFor(folder: string, bundle: Bundle | null, own: string): string {
  if (bundle === null) return own;
  const copy = intactCopy(folder, bundle);
  if (copy !== null) return copy;
  if (!isProgram(own, bundle.digest)) return own;
  try {
    copyProgram(own, folder, bundle.version);
    return copyIn(folder);
  } catch {
    // A full disk takes no copy; the program itself is still there.
    return own;
  }
}

function copyIn(folder: string): string {
  return join(folder, "cli.mjs");
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
