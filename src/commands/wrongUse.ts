import { visibleLines } from "../text/escape.ts";
import type { Answer } from "./command.ts";

/** The answer to a command line that cannot be meant: exit code 2. */
export function wrongUse(message: string): Answer {
  return { out: "", err: `error: ${visibleLines(message)}\n`, code: 2 };
}
