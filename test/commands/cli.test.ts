import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { version } from "../../src/commands/version.ts";
import { makeProject } from "./world.ts";

/** The built helper, as people run it. */
const helper = resolve("dist/cli.mjs");

function run(
  cwd: string,
  args: readonly string[],
  options: { input?: string; before?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...(options.before ?? []), helper, ...args], {
    cwd,
    input: options.input ?? "",
    maxBuffer: 2 ** 28,
    encoding: "utf8",
    env: { ...process.env, ...options.env },
  });
  return { stdout, stderr, status };
}

test("the built helper answers from any folder, with the exit code of the answer", () => {
  const { folder } = makeProject({
    "tasks.md": "- [ ] a\n- [ ] b\n",
    "cycle.md": "- [ ] T1 a (depends on T2)\n- [ ] T2 b (depends on T1)\n",
  });
  expect(run(folder, ["--version"])).toEqual({ stdout: `${version}\n`, stderr: "", status: 0 });
  expect(run(folder, ["plan", "tasks.md"])).toMatchObject({ status: 0, stderr: "" });
  expect(run(folder, ["plan", "cycle.md"])).toMatchObject({ status: 1, stdout: "" });
  expect(run(folder, ["plna"])).toMatchObject({ status: 2, stdout: "" });
});

test("a list comes in by standard input, whole", () => {
  const { folder } = makeProject();
  const many = Array.from({ length: 5000 }, (_, index) => `- [ ] T${index} Do it in src/f${index}.ts\n`).join("");
  const { stdout, status } = run(folder, ["plan", "-", "--json"], { input: many });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 1, source: ["inline"] });
  expect((JSON.parse(stdout) as { tasks: unknown[] }).tasks).toHaveLength(5000);
});

test("the same list gives the same bytes, whatever the time and the environment", () => {
  const { folder } = makeProject({ "tasks.md": "- [ ] a src/a.ts\n- [ ] b src/b.ts\n" });
  const first = run(folder, ["plan", "tasks.md", "--json"]);
  const second = run(folder, ["plan", "tasks.md", "--json"], {
    env: { TZ: "Asia/Tokyo", LANG: "tr_TR.UTF-8", FORCE_COLOR: "1" },
  });
  expect(second.stdout).toBe(first.stdout);
});

test("a reader that closes the pipe early is no error", async () => {
  const { folder } = makeProject({
    "tasks.md": Array.from({ length: 3000 }, (_, index) => `- [ ] task number ${index}\n`).join(""),
  });
  const child = spawn(process.execPath, [helper, "plan", "tasks.md", "--json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.once("data", () => child.stdout.destroy());
  const status = await new Promise((done) => child.on("close", done));
  expect({ status, errors }).toEqual({ status: 0, errors: "" });
});

describe("on an older Node", () => {
  test.each(["cli.mjs", "hook.mjs"])("%s says which one it needs, and exits with 2", (file) => {
    const { folder } = makeProject();
    writeFileSync(join(folder, "old.cjs"), 'Object.defineProperty(process, "version", { value: "v18.20.4" });\n');
    const { stderr, stdout, status } = spawnSync(
      process.execPath,
      ["--require", join(folder, "old.cjs"), resolve("dist", file)],
      { input: "{}", encoding: "utf8" },
    );
    expect({ stderr, stdout, status }).toEqual({
      stderr: "Orchestrate needs Node 20.19 or newer, found v18.20.4\n",
      stdout: "",
      status: 2,
    });
  });

  test.each(["cli.mjs", "hook.mjs"])("nothing of %s is linked before it can say so", async (file) => {
    const text = readFileSync(resolve("dist", file), "utf8");
    const { metafile } = await build({
      entryPoints: [resolve("dist", file)],
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20.19",
      metafile: true,
      write: false,
      logLevel: "silent",
    });
    const linked = Object.values(metafile.inputs).flatMap(({ imports }) => imports);
    expect(linked.filter(({ kind }) => kind === "import-statement")).toEqual([]);
    expect(text.indexOf("Orchestrate needs Node")).toBeLessThan(400);
  });
});

test("the built files hold no evaluation of text and no path of the machine that built them", () => {
  for (const file of ["cli.mjs", "hook.mjs"]) {
    const text = readFileSync(resolve("dist", file), "utf8");
    expect(text).not.toMatch(/\beval\(|js-yaml/);
    expect(text).not.toContain(process.cwd());
  }
});
