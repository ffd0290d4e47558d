import * as z from "zod";

/** Where something was written. `line` and `column` count from 1; `column` counts UTF-16 units, as editors do. */
export const Place = z
  .object({
    file: z.string().describe("path as the person gave it, or `inline` for a list typed by hand"),
    line: z.int().min(1),
    column: z.int().min(1),
  })
  .describe("where it was written; line and column count from 1");
export type Place = z.infer<typeof Place>;

/** One line of a source, as written (no line end), and where its first character stands. */
export interface TextLine {
  readonly text: string;
  readonly place: Place;
  /** Info string of the code fence it stands in (`""` for a bare fence); null or absent outside fences. */
  readonly fence?: string | null;
}
