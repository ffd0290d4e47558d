import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync, type Stats } from "node:fs";

/** What came of reading a file. `missing` covers everything the system itself refuses; `reason` is a phrase for people. */
export type FileRead =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly why: "missing" | "not-a-file" | "too-large"; readonly reason: string };

/** Bytes of a file that nobody limited otherwise. */
const usualLimit = 64 * 1024 * 1024;
const step = 1024 * 1024;

/**
 * Reads a file that others can write: a repository's, a worker's, a folder anybody may put things into. Opens regular files
 * only, never waits, and stops at `limit` bytes whatever size the system names. A pipe, device or socket is never opened
 * by its name: opening one can already block or act. `follow: false` refuses a symbolic link as last part of the path.
 */
export function readRegular(
  path: string,
  { limit = usualLimit, follow = true }: { readonly limit?: number; readonly follow?: boolean } = {},
): FileRead {
  let file: number | null = null;
  try {
    const named = follow ? statSync(path) : lstatSync(path);
    if (!named.isFile()) return { ok: false, why: "not-a-file", reason: `it is ${kindOf(named)}` };
    // Another kind may have taken its place since: without O_NONBLOCK, opening a pipe would wait for a writer.
    const link = follow ? 0 : (constants.O_NOFOLLOW ?? 0);
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0) | link);
    const opened = fstatSync(file);
    if (!opened.isFile()) return { ok: false, why: "not-a-file", reason: `it is ${kindOf(opened)}` };
    return readUpTo(file, opened.size, limit);
  } catch (error) {
    return { ok: false, why: "missing", reason: reasonOf(error) };
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** The same as text; null for whatever is not a readable regular file. */
export function textOfRegular(path: string, options?: Parameters<typeof readRegular>[1]): string | null {
  const read = readRegular(path, options);
  return read.ok ? read.bytes.toString("utf8") : null;
}

/** Reads on until the end, because the size may be a lie (`/proc`) or grow meanwhile. */
function readUpTo(file: number, size: number, limit: number): FileRead {
  const tooLarge = { ok: false, why: "too-large", reason: `it is larger than ${inUnits(limit)}` } as const;
  if (size > limit) return tooLarge;
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    // One byte more than named: the next read of an ordinary file is its last.
    const chunk = Buffer.allocUnsafe(Math.min(step, Math.max(size - total, 0) + 1, limit + 1 - total));
    const read = readSync(file, chunk, 0, chunk.length, null);
    if (read === 0) return { ok: true, bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) };
    total += read;
    if (total > limit) return tooLarge;
    chunks.push(chunk.subarray(0, read));
  }
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return "a folder";
  if (found.isSymbolicLink()) return "a symbolic link";
  if (found.isFIFO()) return "a pipe";
  if (found.isSocket()) return "a socket";
  return "a device";
}

function inUnits(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB"];
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit += 1) size /= 1024;
  return `${Math.round(size * 10) / 10} ${units[unit]}`;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "its symbolic links form a loop",
  ENAMETOOLONG: "the name is too long",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  EAGAIN: "it has nothing to read yet",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
