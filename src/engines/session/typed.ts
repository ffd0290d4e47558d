import { rmSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "../../process/readRegular.ts";
import { makeUserState, userStateFolder } from "../../process/userState.ts";
import { writeAtomic } from "../../process/writeAtomic.ts";

/** What a person typed behind our command, or the model passed to it, and the project that their client works in. */
export interface Typed {
  readonly text: string;
  readonly project: string;
}

const folderName = "typed";

/**
 * Keeps what was typed, byte for byte, for the helper that the command starts. In the command's own text a shell would
 * read it, and the client changes, cuts or refuses some of it there (fences, `!`, backslashes); a project's path would be
 * pasted in as program text.
 */
export function keepTyped(session: string, typed: Typed): void {
  if (!isSession(session)) return;
  writeAtomic(join(makeUserState(folderName), `${session}.json`), JSON.stringify(typed));
}

/** Takes what was kept for a session; null when nothing was. It is used once. */
export function takeTyped(session: string, env: Readonly<Record<string, string | undefined>>): Typed | null {
  if (!isSession(session)) return null;
  const path = join(userStateFolder(env), folderName, `${session}.json`);
  const kept = readRegular(path, { follow: false });
  try {
    rmSync(path, { force: true });
  } catch {
    // A sandbox that may only read: the next request replaces it.
  }
  if (!kept.ok) return null;
  try {
    const { text, project } = JSON.parse(kept.bytes.toString("utf8")) as Partial<Record<keyof Typed, unknown>>;
    return typeof text === "string" && typeof project === "string" ? { text, project } : null;
  } catch {
    return null;
  }
}

function isSession(session: string): boolean {
  return /^[\w-]{1,100}$/.test(session);
}
