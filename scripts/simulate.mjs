// Runs plans by chance through kills, full disks, power cuts and impatient people, and holds the engine to its promises:
//   pnpm simulate [--seeds 100000] [--from 1]   many seeds, on all processors
//   pnpm simulate --seed N                      one seed with its log
//   pnpm simulate --bugs [--seeds 20000]        every planted bug, until a seed shows it
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    bugs: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "orchestrate-simulate-"));

/** A bundle of one file of the simulation, for node as it is. */
async function bundle(file, name, plugins = []) {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(root, "test/simulation", file)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "silent",
    plugins,
  });
  return pathToFileURL(outfile).href;
}

const crew = `
import { parentPort, workerData } from "node:worker_threads";
const { simulate } = await import(workerData.url);
const sum = { seeds: 0, events: 0, seconds: 0, faults: [] };
for (let seed = workerData.from; seed < workerData.to; seed += workerData.step) {
  const { violations, events, simulatedSeconds } = simulate(seed);
  sum.seeds += 1;
  sum.events += events;
  sum.seconds += simulatedSeconds;
  if (violations.length > 0) sum.faults.push({ seed, violation: violations[0] });
  if (violations.length > 0 && workerData.first) break;
}
parentPort.postMessage(sum);
`;

/** Runs seeds side by side; with \`first\` each thread stops at the first that shows something. */
async function run(url, from, count, first) {
  const file = join(folder, "crew.mjs");
  writeFileSync(file, crew);
  const step = availableParallelism();
  const parts = await Promise.all(
    Array.from({ length: step }, (_, number) => {
      return new Promise((settle, fail) => {
        const worker = new Worker(file, { workerData: { url, from: from + number, to: from + count, step, first } });
        worker.once("message", settle);
        worker.once("error", fail);
      });
    }),
  );
  const total = (key) => parts.reduce((sum, part) => sum + part[key], 0);
  const faults = parts.flatMap((part) => part.faults).toSorted((one, other) => one.seed - other.seed);
  return { seeds: total("seeds"), events: total("events"), seconds: total("seconds"), faults };
}

const say = (text) => process.stdout.write(`${text}\n`);
try {
  const from = Number(values.from);
  if (values.seed !== undefined) {
    const { simulate } = await import(await bundle("simulate.ts", "simulate"));
    const { violations } = simulate(Number(values.seed), say);
    for (const violation of violations) say(`VIOLATION: ${violation}`);
    process.exitCode = violations.length === 0 ? 0 : 1;
  } else if (values.bugs) {
    const { bugs, planting } = await import(await bundle("bugs.ts", "bugs"));
    const count = Number(values.seeds ?? 20_000);
    for (const [number, bug] of bugs.entries()) {
      if (values.only !== undefined && !bug.name.includes(values.only)) continue;
      const { faults } = await run(
        await bundle("simulate.ts", `bug${number}`, [planting(bug, root)]),
        from,
        count,
        true,
      );
      const [fault] = faults;
      if (fault === undefined) process.exitCode = 1;
      say(
        fault === undefined
          ? `MISSED: ${bug.name}`
          : `${bug.name}: seed ${fault.seed}: ${fault.violation.split("\n")[0]}`,
      );
    }
  } else {
    const start = performance.now();
    const count = Number(values.seeds ?? 100_000);
    const { seeds, events, seconds, faults } = await run(await bundle("simulate.ts", "simulate"), from, count, false);
    for (const { seed, violation } of faults.slice(0, 20)) say(`seed ${seed}: ${violation}`);
    const years = (seconds / 86_400 / 365.25).toFixed(1);
    const took = ((performance.now() - start) / 1_000).toFixed(0);
    say(`${seeds} seeds, ${events} events, ${years} simulated years in ${took} s: ${faults.length} violations`);
    process.exitCode = faults.length === 0 ? 0 : 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
