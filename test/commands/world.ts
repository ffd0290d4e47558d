import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { answer } from "../../src/commands/commandLine.ts";
import type { Answer, World } from "../../src/commands/command.ts";

/** Where the commands under test keep what belongs to their person. */
const state = mkdtempSync(join(tmpdir(), "orchestrate-state-"));
process.on("exit", () => rmSync(state, { recursive: true, force: true }));

/** Surroundings of a command under test: a terminal of 80 columns without colours, at a fixed moment. */
export function makeWorld(over: Partial<World> = {}): World {
  return {
    cwd: process.cwd(),
    env: { XDG_STATE_HOME: state },
    stdin: () => "",
    now: () => new Date("2026-01-01T00:00:00Z"),
    columns: 80,
    colour: false,
    cli: "/opt/orchestrate/dist/cli.mjs",
    ...over,
    ...(over.env === undefined ? {} : { env: { XDG_STATE_HOME: state, ...over.env } }),
  };
}

/** Answers a command line in a folder with these files. The folder is gone after the test. */
export function makeProject(files: Readonly<Record<string, string>> = {}): { folder: string; ask: Ask } {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, ".git"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return { folder, ask: (line, over) => answer(line, makeWorld({ cwd: folder, ...over })) };
}

type Ask = (line: readonly string[], over?: Partial<World>) => Promise<Answer>;
