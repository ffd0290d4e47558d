// Compares the plans that two versions of the sources make of real task lists: `node scripts/compare.mjs [REVISION] [FOLDER...]`.
// REVISION is the older version (default: main), the working tree the newer one. Each entry of a folder is one list: a
// file, or a folder of files. Prints every list whose tasks, order or locks differ.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const entry = "test/corpus/plans.ts";
const [revision = "main", ...named] = process.argv.slice(2);
const temporary = mkdtempSync(join(tmpdir(), "orchestrate-compare-"));

try {
  process.chdir(root);
  const sources = execFileSync("git", ["archive", "--format=tar", revision, "src"], { maxBuffer: 64 * 1024 * 1024 });
  execFileSync("tar", ["-x", "-C", temporary], { input: sources });
  mkdirSync(join(temporary, "test/corpus"), { recursive: true });
  copyFileSync(entry, join(temporary, entry));
  const older = await bundled(temporary, "older.mjs");
  const newer = await bundled(root, "newer.mjs");
  const lists = (named.length > 0 ? named.flatMap(entriesOf) : knownLists()).map((path) => resolve(path));
  let same = 0;
  for (const list of lists) {
    const lines = differences(older.planOf(list), newer.planOf(list));
    if (lines.length === 0) same += 1;
    else process.stdout.write(`${[list, ...lines.map((line) => `  ${line}`)].join("\n")}\n`);
  }
  process.stdout.write(`${same} of ${lists.length} lists give the same plan as ${revision}\n`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

async function bundled(folder, name) {
  const outfile = join(temporary, name);
  await build({
    entryPoints: [join(folder, entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    nodePaths: [join(root, "node_modules")],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return import(pathToFileURL(outfile).href);
}

/** The lists of the reference data, where it is at hand. */
function knownLists() {
  const [corpus, others] = ["../shared/corpus", "../shared/new-lists"];
  if (!existsSync(corpus)) return [];
  const formats = readdirSync(corpus, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "expected")
    .flatMap(({ name }) => entriesOf(join(corpus, name)));
  const labelled = readdirSync(join(others, "expected")).map((name) =>
    join(others, "files", JSON.parse(readFileSync(join(others, "expected", name), "utf8")).source),
  );
  return [...formats, ...labelled];
}

function entriesOf(folder) {
  return readdirSync(folder).map((name) => join(folder, name));
}

function differences(before, after) {
  if (before.refused !== undefined || after.refused !== undefined) {
    if (before.refused !== undefined && after.refused !== undefined) return [];
    const first = (text) => text.replaceAll(/\s+/g, " ").slice(0, 200);
    return before.refused === undefined
      ? [`refused now: ${first(after.refused)}`]
      : [`read now, ${after.tasks.length} tasks; was refused: ${first(before.refused)}`];
  }
  return [
    ...compare("task", ids(before), ids(after)),
    ...compare("order", reduced(before), reduced(after)),
    ...compare("apart", pairs(before), pairs(after)),
  ];
}

function compare(what, before, after) {
  const lost = [...before.keys()].filter((key) => !after.has(key));
  const gained = [...after.keys()].filter((key) => !before.has(key));
  const shown = (keys, all) => keys.slice(0, 8).map((key) => `${key}${all.get(key)}`);
  return [
    ...(lost.length > 0 ? [`${what}: ${lost.length} lost of ${before.size}: ${shown(lost, before).join("; ")}`] : []),
    ...(gained.length > 0 ? [`${what}: ${gained.length} gained: ${shown(gained, after).join("; ")}`] : []),
  ];
}

function ids(plan) {
  return new Map(plan.tasks.map(({ id, status }) => [`${id} (${status})`, ""]));
}

function pairs(plan) {
  return new Map(plan.apart.map(({ tasks, on }) => [tasks.join(" | "), ` on ${on}`]));
}

/** The order as its shortest drawing: edges that no longer path implies. */
function reduced({ tasks, edges }) {
  const index = new Map(tasks.map(({ id }, at) => [id, at]));
  const next = tasks.map(() => new Set());
  for (const { from, to } of edges) next[index.get(from)].add(index.get(to));
  const below = new Map();
  const reach = (start) => {
    const seen = new Set();
    const stack = [...next[start]];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      stack.push(...next[at]);
    }
    return seen;
  };
  for (const at of tasks.keys()) below.set(at, reach(at));
  return new Map(
    edges
      .filter(({ from, to }) => {
        const last = index.get(to);
        return ![...next[index.get(from)]].some((other) => other !== last && below.get(other).has(last));
      })
      .map(({ from, to, kind, evidence }) => [`${from} → ${to}`, ` (${kind}: ${evidence.slice(0, 90)})`]),
  );
}
