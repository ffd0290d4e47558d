// Spoils real lists in many places and looks for a crash, a hang, or a tick that changes another byte:
// `pnpm fuzz [SECONDS] [SEED]`. The tests do a bounded part of it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [seconds = 60, first = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "orchestrate-fuzz-"));
try {
  process.chdir(root);
  await build({
    entryPoints: [join(root, "test/fuzz/fuzz.ts"), join(root, "test/corpus/formats.ts")],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const load = (path) => import(pathToFileURL(join(folder, path)).href);
  const [{ faultOf, randomOf, spoil }, { units }] = [await load("fuzz/fuzz.mjs"), await load("corpus/formats.mjs")];
  const all = units().map(({ files }) => new Map(files.map(({ file, bytes }) => [file, bytes.toString("utf8")])));
  const seen = new Set();
  let seed = first;
  for (const end = Date.now() + seconds * 1000; all.length > 0 && Date.now() < end; seed += 1) {
    const random = randomOf(seed);
    const texts = new Map(all[random(all.length)]);
    const file = [...texts.keys()][random(texts.size)];
    texts.set(file, spoil(texts.get(file), random));
    const fault = faultOf(texts);
    const kind = fault?.replace(/\d+/g, "#").slice(0, 200);
    if (fault === null || seen.has(kind)) continue;
    seen.add(kind);
    process.stdout.write(`seed ${seed}, ${file}: ${fault}\n`);
  }
  process.stdout.write(
    all.length === 0
      ? "The corpus is not at hand: there is nothing to spoil.\n"
      : `${seed - first} spoilt lists, ${seen.size} kinds of faults\n`,
  );
  process.exitCode = seen.size === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
