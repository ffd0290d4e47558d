// Scores the code on real task lists and prints precision and recall: `pnpm corpus`. test/corpus/README.md says how they were labelled.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "orchestrate-corpus-"));
try {
  process.chdir(root);
  const outfile = join(folder, "report.mjs");
  await build({
    entryPoints: [join(root, "test/corpus/report.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const { report } = await import(pathToFileURL(outfile).href);
  process.stdout.write(report());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
