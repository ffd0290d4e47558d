import * as z from "zod";

/** What a file of a task is for. A `read` never conflicts with another `read`. */
export const FileAccess = z.enum(["create", "modify", "read", "delete"]);
export type FileAccess = z.infer<typeof FileAccess>;

/** A path, a folder (trailing `/`) or a glob, relative to the project, with `/` between its parts. */
export const FileScope = z.object({ path: z.string(), access: FileAccess });
export type FileScope = z.infer<typeof FileScope>;
