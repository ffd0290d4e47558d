import type { Diagnostic, Outcome } from "../model/diagnostic.ts";

/** Bytes of a file to text. Only UTF-8 without NUL bytes is text; a byte order mark is kept, so that writing back is exact. */
export function decode(bytes: Uint8Array, file: string): Outcome<string> {
  const mark = byteOrderMark(bytes);
  if (mark) return { ok: false, diagnostics: [encoding(file, 1, mark)] };
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    const line = lineAt(bytes, nul);
    const wide = looksLikeUtf16(bytes);
    return { ok: false, diagnostics: [wide ? encoding(file, line, wide) : nulByte(file, line)] };
  }
  try {
    return { ok: true, value: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { ok: false, diagnostics: [encoding(file, firstInvalidLine(bytes), "bytes that are not UTF-8 (Latin-1?)")] };
  }
}

function byteOrderMark(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? "UTF-32 (little-endian)" : "UTF-16 (little-endian)";
  if (a === 0xfe && b === 0xff) return "UTF-16 (big-endian)";
  return null;
}

function looksLikeUtf16(bytes: Uint8Array): string | null {
  const counts = [0, 0];
  const length = Math.min(bytes.length, 1000);
  for (let index = 0; index < length; index += 1)
    if (bytes[index] === 0) counts[index % 2] = (counts[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = counts;
  if (odd * 2 >= length * 0.6 && even === 0) return "UTF-16 (little-endian, no byte order mark)";
  return even * 2 >= length * 0.6 && odd === 0 ? "UTF-16 (big-endian, no byte order mark)" : null;
}

function lineAt(bytes: Uint8Array, end: number): number {
  let line = 1;
  for (let index = 0; index < end; index += 1) if (bytes[index] === 10) line += 1;
  return line;
}

function firstInvalidLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return 1;
}

function encoding(file: string, line: number, found: string): Diagnostic {
  return {
    severity: "error",
    rule: "encoding",
    message: `Unexpected ${found}`,
    expected: "UTF-8",
    fix: "save the file as UTF-8",
    place: { file, line, column: 1 },
  };
}

function nulByte(file: string, line: number): Diagnostic {
  return {
    severity: "error",
    rule: "nul-byte",
    message: "Unexpected NUL byte",
    expected: "a text file",
    fix: "check that this is the task list",
    place: { file, line, column: 1 },
  };
}
