import * as z from "zod";
import { once } from "../model/once.ts";

const at = { repository: z.string(), number: z.int() };

/** Everything that was read of an issue. A run keeps it, so that it can go on without the network and sees what was edited. */
export const snapshot = once(() =>
  z.object({
    schema: z.literal(1),
    host: z.string(),
    /** The master issue is the first; a part comes after what it is a part of. */
    issues: z.array(
      z.object({
        /** GitHub's own id, which stays when an issue is transferred. It may not fit into a number. */
        id: z.string(),
        ...at,
        /** `dropped`: closed as not planned or as a duplicate. */
        state: z.enum(["open", "done", "dropped"]),
        /** Empty, with the body, where the author's text is withheld. */
        title: z.string(),
        body: z.string(),
        author: z.string(),
        /** How the author stands to the repository: `OWNER`, `MEMBER`, `CONTRIBUTOR`, `NONE`, … */
        association: z.string(),
        withheld: z.boolean(),
        /** Index of the issue that it is a sub-issue of. */
        parent: z.int().nullable(),
        /** Whether GitHub has it as a sub-issue; otherwise only a body names it. */
        native: z.boolean(),
        blockedBy: z.array(z.object(at)),
      }),
    ),
    /** Issues that these wait for and that are no parts of the master issue. `unknown`: it could not be read. */
    elsewhere: z.array(z.object({ ...at, state: z.enum(["open", "done", "dropped", "unknown"]) })),
  }),
);
export type Snapshot = z.infer<ReturnType<typeof snapshot>>;
export type SnapshotIssue = Snapshot["issues"][number];

/** A snapshot as it was stored; null when the text is none. */
export function parseSnapshot(text: string): Snapshot | null {
  try {
    const parsed = snapshot().safeParse(JSON.parse(text));
    return parsed.success && parsed.data.issues.length > 0 ? parsed.data : null;
  } catch {
    return null;
  }
}
