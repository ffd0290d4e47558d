import { readFileSync } from "node:fs";

/** A small text file without the space around its text; null where it cannot be read. */
export function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}
