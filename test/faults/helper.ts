import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { buildHelper } from "./rig.ts";

/** The bounded part of the campaign looks at other points on other days; a failure names what replays it. */
export const day = Math.floor(Date.now() / 86_400_000);

/** Builds the helper before the tests of a file. Call the result within a test: it is the helper's path. */
export function useHelper(): () => string {
  let cli = "";
  beforeAll(async () => {
    cli = await buildHelper();
  }, 60_000);
  afterAll(() => rmSync(dirname(cli), { recursive: true, force: true }));
  return () => cli;
}
