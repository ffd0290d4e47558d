import { chmodSync, readFileSync, realpathSync, statSync } from "node:fs";
import { writeAtomic } from "../../process/writeAtomic.ts";

/**
 * Puts `now` in the place of `was`, whole or not at all; a link stays a link, and the file keeps its mode. Returns why
 * the file was left alone, or null.
 */
export function replaceText(path: string, was: string, now: string): string | null {
  try {
    const target = realpathSync(path);
    const { mode } = statSync(target);
    if (!readFileSync(target).equals(Buffer.from(was)))
      return "it is not what was read: it was edited at this moment, or is not UTF-8";
    writeAtomic(target, now);
    chmodSync(target, mode);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
