import { textOfRegular } from "../process/readRegular.ts";

/** A small text file without the space around its text; null where it cannot be read. */
export function textOf(path: string): string | null {
  return textOfRegular(path)?.trim() ?? null;
}
