import { realpathSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";

let built: Promise<string> | null = null;

/** Builds the helper as its sources are now, once in a test file, into a folder of its own. Resolves with its path. */
export function buildHelper(): Promise<string> {
  built ??= make();
  return built;
}

async function make(): Promise<string> {
  const folder = realpathSync(await mkdtemp(join(tmpdir(), "orchestrate-helper-")));
  const outfile = join(folder, "cli.mjs");
  await build({
    entryPoints: [resolve("src/cli.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return outfile;
}
