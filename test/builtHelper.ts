import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { buildHelper } from "./buildHelper.ts";

/** A helper built from the sources as they are, for the tests of one file: the path of it, once they run. */
export function builtHelper(): () => string {
  let helper = "";
  beforeAll(async () => {
    helper = await buildHelper();
  });
  afterAll(() => rmSync(dirname(helper), { recursive: true, force: true }));
  return () => helper;
}
