import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

/** Bytes from the end in which the last lines are looked for. */
const tailBytes = 64 * 1024;
/** Bytes that are taken at a time. */
const most = 1024 * 1024;
/** Characters of a line without an end that are kept. */
const longest = 64 * 1024;

export interface Tail {
  /** Whole lines, oldest first. */
  readonly lines: readonly string[];
  /** What stands behind the last line end. */
  readonly rest: string;
  /** Byte behind the last line end: where to follow the file from. */
  readonly end: number;
}

/** The end of a file: at most so many lines, and 64 KB of them; nothing where there is no such file. */
export function tailOf(path: string, most: number): Tail {
  return withFile(path, { lines: [], rest: "", end: 0 }, (file, size) => {
    const from = Math.max(0, size - tailBytes);
    const bytes = readFrom(file, from, size - from);
    const lines = bytes.toString("utf8").split("\n");
    const rest = lines.pop() ?? "";
    // The first may be half a line.
    if (from > 0) lines.shift();
    return { lines: lines.slice(-most), rest, end: from + bytes.lastIndexOf(0x0a) + 1 };
  });
}

/**
 * Follows a file to which others append, from byte `from` on: each call gives the lines that became whole since the last. When the file is
 * replaced by a smaller one it begins anew; what was not yet read of the old one is passed over. A file that is not there
 * yet has no lines yet.
 */
export function followText(path: string, from: number): () => string[] {
  let offset = from;
  let decoder = new StringDecoder("utf8");
  let rest = "";
  return () =>
    withFile(path, [] as string[], (file, size) => {
      if (size < offset) {
        offset = 0;
        rest = "";
        decoder = new StringDecoder("utf8");
      }
      const lines: string[] = [];
      while (offset < size) {
        const bytes = readFrom(file, offset, Math.min(most, size - offset));
        if (bytes.length === 0) break;
        offset += bytes.length;
        const parts = (rest + decoder.write(bytes)).split("\n");
        rest = (parts.pop() ?? "").slice(0, longest);
        lines.push(...parts);
      }
      return lines;
    });
}

function readFrom(file: number, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, from));
}

function withFile<Value>(path: string, absent: Value, use: (file: number, size: number) => Value): Value {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return absent;
  }
  try {
    return use(file, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}
