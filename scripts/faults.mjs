// The fault campaign: kills, tears, errors and bad workers, and what became of the run. `pnpm faults` runs all of it (hours),
// `pnpm faults --only kill --seed 7 --trials 100` a part by chance, `pnpm faults --only points --point 41` one point of a part that has
// them; `pnpm faults kill 7 100` is short for the first.
// The tests run a bounded part. What it found and its figures: docs/reliability.md.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string" },
    seed: { type: "string" },
    trials: { type: "string" },
    point: { type: "string" },
  },
});
const { only = positionals[0], seed = positionals[1] ?? "1", trials: wanted = positionals[2], point } = values;
const numberOf = (text) => (text === undefined ? null : Number(text));
const folder = mkdtempSync(join(tmpdir(), "orchestrate-campaign-"));
try {
  process.chdir(root);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  await build({
    entryPoints: [join(root, "test/faults/campaign.ts"), join(root, "test/buildHelper.ts")],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  const load = (path) => import(pathToFileURL(join(folder, path)).href);
  const [{ parts, countFaults }, { buildHelper }] = [await load("faults/campaign.mjs"), await load("buildHelper.mjs")];
  const known = ["simulation", ...Object.keys(parts)];
  const names = only === undefined ? known : only.split(",");
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}; there are ${known.join(", ")}`);
  const cli = await buildHelper();
  for (const name of names) {
    if (name === "simulation") {
      const words = ["scripts/simulate.mjs", "--from", seed, "--seeds", wanted ?? "100000"];
      if (spawnSync(process.execPath, words, { stdio: "inherit" }).status !== 0) process.exitCode = 1;
      continue;
    }
    const began = performance.now();
    const { trials, faults, measured } = await parts[name]({
      cli,
      seed: Number(seed),
      trials: numberOf(wanted),
      point: numberOf(point),
      say: (line) => process.stdout.write(`  ${line}\n`),
    });
    const took = `${Math.round((performance.now() - began) / 1000)} s, load ${loadavg()[0].toFixed(1)}`;
    process.stdout.write(`${name}: ${trials} trials; ${countFaults(faults)}; ${measured} (${took})\n`);
    for (const fault of faults) if (!fault.includes("kept in")) process.stdout.write(`  ${fault}\n`);
    if (faults.length > 0) process.exitCode = 1;
  }
  rmSync(dirname(cli), { recursive: true, force: true });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
