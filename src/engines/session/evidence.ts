import { createHash } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join, relative, sep } from "node:path";
import { changedPaths } from "../../git/changes.ts";
import { readRegular } from "../../process/readRegular.ts";
import type { Evidence } from "../../run/judge.ts";
import { scopesMeet } from "../../link/locks/scopesMeet.ts";
import type { PlannedTask } from "../../model/plan.ts";
import type { TaskState } from "../../model/run.ts";
import type { Transcript } from "./transcript.ts";

/** Digest of each file the task may write, by name; folders and globs are judged by time instead. */
export function digestsOf(project: string, task: PlannedTask): Record<string, string | null> {
  const paths = task.files.filter((file) => file.access !== "read" && isLiteral(file.path)).map((file) => file.path);
  return Object.fromEntries(paths.map((path) => [path, digest(join(project, path))]));
}

/** Looks at the tree and at the transcript. Reads files and asks git; changes nothing. */
export function gather(project: string, task: PlannedTask, state: TaskState, transcript: Transcript): Evidence {
  const writable = task.files.filter((file) => file.access !== "read");
  const literal = writable.filter((file) => isLiteral(file.path));
  const changed = literal
    .filter((file) => digest(join(project, file.path)) !== (state.before.get(file.path) ?? null))
    .map((file) => file.path);
  const edits = transcript.edits.map((path) => inProject(project, path)).filter((path) => !isTemporary(path));
  const wide = writable.some((file) => !isLiteral(file.path)) || writable.length === 0;
  if (wide && edits.length === 0) {
    const since = Date.parse(state.startedAt ?? "");
    const recent = (changedPaths(project) ?? []).filter((path) => modifiedSince(join(project, path), since));
    changed.push(
      ...recent.filter((path) => writable.length === 0 || writable.some((file) => scopesMeet(file.path, path))),
    );
  }
  return {
    edits,
    toolCalls: transcript.toolCalls,
    ranCommands: transcript.ranCommands,
    changed: [...new Set(changed)],
    missing: literal
      .filter((file) => file.access === "create" && digest(join(project, file.path)) === null)
      .map((file) => file.path),
    undeleted: literal
      .filter((file) => file.access === "delete" && digest(join(project, file.path)) !== null)
      .map((file) => file.path),
  };
}

function isLiteral(path: string): boolean {
  return !path.endsWith("/") && !/[*?{]/.test(path);
}

/** Of the content; of a very large file its size and time instead; null for anything but a regular file. */
function digest(path: string): string | null {
  const read = readRegular(path);
  if (read.ok) return createHash("sha256").update(read.bytes).digest("hex").slice(0, 16);
  if (read.why !== "too-large") return null;
  const { size, mtimeMs } = statSync(path);
  return `${size}-${mtimeMs}`;
}

/** A file removed meanwhile has no time of its own: it counts as changed. */
function modifiedSince(path: string, since: number): boolean {
  try {
    return statSync(path).mtimeMs >= since;
  } catch {
    return true;
  }
}

function inProject(project: string, path: string): string {
  if (!isAbsolute(path)) return path;
  for (const root of [project, real(project)]) {
    const inside = relative(root, path);
    if (inside !== "" && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return inside.split(sep).join("/");
  }
  return path;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Temporary files belong to nobody. */
function isTemporary(path: string): boolean {
  return isAbsolute(path) && [tmpdir(), "/tmp"].some((folder) => path.startsWith(`${folder}/`));
}
