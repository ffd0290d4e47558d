import * as z from "zod";
import { once } from "./once.ts";

/** The contract of `doctor --json`. */
export const doctor = once(() =>
  z.object({
    schema: z.literal(1),
    ok: z.boolean().describe("false when something that is needed is missing"),
    workers: z.object({
      wanted: z.int().nullable().describe("`maxWorkers` in force; null when the options cannot be read"),
      bearable: z.int().describe("workers at once that this machine has memory, processors and disk for"),
    }),
    findings: z.array(
      z.object({
        name: z.string(),
        level: z.enum(["fine", "warning", "missing"]),
        found: z.string(),
        fix: z.string().nullable().describe("what to do, or null"),
      }),
    ),
  }),
);
export type Doctor = z.infer<ReturnType<typeof doctor>>;

/** How much the login of `gh` may ask for. */
export interface GitHubAccess {
  /** `octo/shop on github.com`. */
  readonly where: string;
  /** Why nothing can be asked, and what to do, or null. */
  readonly problem: { readonly found: string; readonly fix: string } | null;
  /** As the token states them; null for tokens that state none. */
  readonly scopes: readonly string[] | null;
  readonly left: number | null;
  readonly limit: number | null;
}
