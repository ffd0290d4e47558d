import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { expect } from "vitest";
import type { Answer } from "../../src/commands/command.ts";
import { Plan } from "../../src/model/plan.ts";
import { makeProject } from "../commands/world.ts";

/** What a terminal or a reader obeys without seeing it; line ends are welcome. */
export const unseen = /(?!\n)[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\ufeff]/u;

/** The preview of one list, in a project of its own. */
export async function preview(text: string, file = "tasks.md", ...more: string[]): Promise<Answer> {
  return makeProject({ [file]: text }).ask(["plan", file, ...more]);
}

/** The preview of our own JSON list with these tasks. */
export function previewOf(tasks: readonly object[], ...more: string[]): Promise<Answer> {
  return preview(JSON.stringify({ tasks }), "tasks.json", ...more);
}

/** The plan of a list that must be plannable. */
export async function planned(text: string, file = "tasks.md"): Promise<Plan> {
  return Plan.parse(JSON.parse((await preview(text, file, "--json")).out));
}

export function plannedOf(tasks: readonly object[]): Promise<Plan> {
  return planned(JSON.stringify({ tasks }), "tasks.json");
}

/** How a refusal begins: where, and that it is one. Its rule stands at its end. */
export function refusal(rule: string, place: string): object {
  const shown = place.replaceAll(".", "\\.");
  return { out: "", code: 1, err: expect.stringMatching(new RegExp(`^${shown}(?::\\d+)?: error: [^]*\\[${rule}\\]`)) };
}

/** The helper, built into a folder of its own; call it with a folder to stand in and a command line. */
export async function buildHelper(): Promise<{
  folder: string;
  run: (cwd: string, args: readonly string[]) => { stdout: string; stderr: string; status: number | null };
}> {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-"));
  const outfile = join(folder, "cli.mjs");
  await build({
    entryPoints: [resolve("src/cli.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    alias: { yaml: resolve("node_modules/yaml/browser/index.js") },
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "silent",
  });
  const run = (cwd: string, args: readonly string[]) => {
    const made = spawnSync(process.execPath, [outfile, ...args], { cwd, encoding: "utf8", input: "" });
    return { stdout: made.stdout, stderr: made.stderr, status: made.status };
  };
  return { folder, run };
}
