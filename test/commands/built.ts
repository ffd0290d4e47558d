import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll } from "vitest";

/** A helper built from the sources as they are, for the tests of one file: the path of it, once they run. */
export function builtHelper(): () => string {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-built-"));
  beforeAll(async () => {
    await build({
      entryPoints: { cli: "src/cli.ts" },
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "warning",
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => join(folder, "cli.mjs");
}
