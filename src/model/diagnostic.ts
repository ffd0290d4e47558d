import * as z from "zod";
import { Place } from "./place.ts";

/**
 * Something a person should know or mend. The grammar is "Unexpected X, expected Y, do Z":
 * `message` says what is there, `expected` what was expected, `fix` what to do.
 * An `error` means that nothing is launched.
 */
export const Diagnostic = z.object({
  severity: z.enum(["error", "warning", "info"]),
  rule: z.string().describe("stable id of the rule, as in `cycle` or `unknown-dependency`"),
  message: z.string(),
  expected: z.string().optional(),
  fix: z.string().optional(),
  place: Place.nullable().describe("null when no file is to blame"),
  length: z.int().min(1).optional().describe("how many characters the squiggle underlines"),
  related: z.array(z.object({ message: z.string(), place: Place })).optional(),
});
export type Diagnostic = z.infer<typeof Diagnostic>;

/** An expected failure is a value; a thrown error is a bug of ours. */
export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly diagnostics: Diagnostic[] };
