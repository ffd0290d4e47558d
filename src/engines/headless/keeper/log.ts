import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

export interface Log {
  /** Adds text. False once the disk refused: from then on it does nothing. */
  write(text: string): boolean;
  /** Returns the system's words when the disk refused, else null. */
  close(): string | null;
}

/**
 * Opens a log that holds the newest text: when the file has half of `bytes` it becomes `older`, in the place of the one
 * before, so that both together stay within `bytes` (and one write). Nothing here throws.
 */
export function openRing(path: string, older: string, bytes: number): Log {
  let size = 0;
  return writer(path, (text, file) => {
    const length = Buffer.byteLength(text);
    if (size === 0) size = fstatSync(file.current).size;
    if (size > 0 && size + length > bytes / 2) {
      closeSync(file.current);
      file.current = -1;
      renameSync(path, older);
      file.current = open(path);
      size = 0;
    }
    size += length;
    return text;
  });
}

/** A log that takes no more once it holds `bytes`. What must not be lost goes in whatever it holds: `writeAlways`. */
export function openBounded(path: string, bytes: number): Log & { writeAlways(text: string): boolean } {
  let left = bytes;
  const log = writer(path, (text) => {
    left -= Buffer.byteLength(text);
    return text;
  });
  return {
    ...log,
    write: (text) => left >= Buffer.byteLength(text) && log.write(text),
    writeAlways: (text) => log.write(text),
  };
}

function writer(path: string, prepare: (text: string, file: { current: number }) => string): Log {
  const file = { current: -1 };
  let problem: string | null = null;
  const attempt = (action: () => void): boolean => {
    if (problem !== null) return false;
    try {
      action();
      return true;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      return false;
    }
  };
  attempt(() => {
    file.current = open(path);
  });
  return {
    write: (text) =>
      attempt(() => {
        const bytes = Buffer.from(prepare(text, file));
        for (let from = 0; from < bytes.length;) from += writeSync(file.current, bytes, from);
      }),
    close() {
      if (file.current !== -1) attempt(() => closeSync(file.current));
      return problem;
    },
  };
}

function open(path: string): number {
  return openSync(path, "a", 0o600);
}
