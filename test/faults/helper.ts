import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { buildHelper } from "./rig.ts";

/** Which points the bounded part of the campaign looks at: the same ones every time; `pnpm faults` looks at all. */
export const chosen = 20_778;

/** Builds the helper before the tests of a file. Call the result within a test: it is the helper's path. */
export function useHelper(): () => string {
  let cli = "";
  beforeAll(async () => {
    cli = await buildHelper();
  }, 60_000);
  afterAll(() => rmSync(dirname(cli), { recursive: true, force: true }));
  return () => cli;
}
