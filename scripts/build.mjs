// Bundles src/cli.ts and src/hook.ts into dist/, one self-contained file each. `--check` compares with what is committed.
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

// Old syntax on purpose: an old Node must be able to run this line to say why it stops. Nothing is imported statically
// below, because imports would be resolved, and fail, before it.
const guard = `(function () {
  var found = process.version, parts = found.slice(1).split(".");
  if (parts[0] > 20 || (parts[0] == 20 && parts[1] >= 19)) return;
  process.stderr.write("Orchestrate needs Node 20.19 or newer, found " + found + "\\n");
  process.exit(2);
})();`;

/** Built-in modules are fetched when the file runs, not linked before: see the guard. */
const builtins = {
  name: "builtins",
  setup(esbuild) {
    const names = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
    esbuild.onResolve({ filter: /^(node:)?[a-z_/0-9]+$/ }, ({ path }) =>
      names.has(path) ? { path: path.replace(/^(node:)?/, "node:"), namespace: "builtin" } : undefined,
    );
    esbuild.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** gray-matter's own engines evaluate JavaScript and bring a second YAML reader. Front matter is read by `yaml` alone. */
const noEval = {
  name: "no-eval",
  setup(esbuild) {
    esbuild.onLoad({ filter: /gray-matter[\\/]lib[\\/]engines\.js$/ }, () => ({ contents: "module.exports = {};" }));
  },
};

/** @returns {Promise<Map<string, string>>} the text of each built file by its name in dist/ */
async function bundle() {
  const result = await build({
    absWorkingDir: root,
    entryPoints: { cli: "src/cli.ts", hook: "src/hook.ts" },
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    legalComments: "none",
    // Less to read at every start; names stay, so that what an error says can be found in the sources.
    minifyWhitespace: true,
    minifySyntax: true,
    // The ES modules of `yaml` shake better than its CommonJS ones.
    alias: { yaml: "./node_modules/yaml/browser/index.js" },
    banner: { js: guard },
    plugins: [builtins, noEval],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const files = new Map(result.outputFiles.map((file) => [relative(join(root, "dist"), file.path), ascii(file.text)]));
  files.set("THIRD_PARTY_LICENSES.txt", await licenses(Object.keys(result.metafile.inputs)));
  return files;
}

/**
 * Escapes what esbuild leaves in regular expressions: V8 reads a file faster when each character of it is one byte.
 */
function ascii(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The licence of every package that the bundles hold, sorted by name. */
async function licenses(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const match = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input.split(sep).join("/"));
    if (match !== null) folders.add(match[0]);
  }
  const texts = await Promise.all(
    [...folders].map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
      const text = await firstOf(
        ["LICENSE", "LICENSE.md", "license", "LICENCE"].map((file) => join(root, folder, file)),
      );
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    }),
  );
  return `The files in this folder hold code of these packages.\n\n${texts.toSorted().join(`\n${"-".repeat(80)}\n\n`)}`;
}

async function firstOf(paths) {
  for (const path of paths) {
    const text = await readFile(path, "utf8").catch(() => null);
    if (text !== null) return text.replaceAll("\r\n", "\n");
  }
  throw new Error(`no licence text: ${paths[0]}`);
}

const files = await bundle();
if (process.argv.includes("--check")) {
  for (const [name, text] of files) {
    const committed = await readFile(join(root, "dist", name), "utf8").catch(() => null);
    if (committed === text) continue;
    process.exitCode = 1;
    process.stderr.write(`dist/${name} differs from the sources; run \`pnpm build\` and commit the result\n`);
  }
} else {
  await mkdir(join(root, "dist"), { recursive: true });
  await Promise.all([...files].map(([name, text]) => writeFile(join(root, "dist", name), text)));
}
