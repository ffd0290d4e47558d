import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { append } from "../../../run/append.ts";
import { parseJournal } from "../../../run/parse.ts";
import { readFileSync } from "node:fs";
import type { Event, Supervised } from "../../../model/event.ts";
import { identityOf, isAlive } from "../../../process/identity.ts";

/**
 * Takes a run for this process, or says who has it. The journal is the lock: the claim names the supervisor that it replaces,
 * and counts only if that one has the run at this point of the journal. Of several that take over at once, one wins.
 * A supervisor on another machine cannot be seen from here, and is never replaced.
 */
export function takeOver(folder: string): { token: string } | { held: Supervised } {
  const path = join(folder, "events.jsonl");
  const by = identityOf(process.pid);
  if (by === null) throw new Error("this process cannot be identified");
  for (;;) {
    const holder = holderIn(path);
    if (holder !== null && isHeld(holder)) return { held: holder };
    const token = randomBytes(12).toString("hex");
    const after = holder?.token ?? null;
    append(path, [{ type: "supervised", at: new Date().toISOString(), by, host: hostname(), token, after }]);
    const now = holderIn(path);
    // Whoever had it left between the look and the claim, which is void then.
    if (now !== null) return now.token === token ? { token } : { held: now };
  }
}

/** Whether this supervisor may still be at work. */
export function isHeld(supervisor: Pick<Supervised, "host" | "by">): boolean {
  return supervisor.host !== hostname() || isAlive(supervisor.by);
}

function holderIn(path: string): Supervised | null {
  const journal = parseJournal(readFileSync(path));
  if ("damagedLine" in journal) throw new Error(`line ${journal.damagedLine} of the journal is damaged`);
  return holder(journal.events);
}

/** Who has the run after these events. */
function holder(events: readonly Event[]): Supervised | null {
  let held: Supervised | null = null;
  for (const event of events) {
    if (event.type === "supervised" && event.after === (held?.token ?? null)) held = event;
    else if (event.type === "released" && event.token === held?.token) held = null;
  }
  return held;
}
