import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { arrival } from "../until.ts";

/** Where this campaign's own files are: the preload and the scripted worker. */
export const here = resolve("test/faults");

/** What a helper with the preload does wrong: see `preload.mjs`. */
export interface Fault {
  /** Only calls whose path begins with this count; what is spawned counts always. */
  readonly folder: string;
  readonly at: number;
  /** Absent: nothing goes wrong, everything is traced. */
  readonly how?: "before" | "after" | "torn" | "ENOSPC" | "EIO" | "EACCES" | "EROFS" | "EMFILE";
  /** A pattern that `NAME PATH` of a call must match to count. */
  readonly only?: string;
  /** From that call on every one fails, for so many seconds when `seconds` says so. */
  readonly lasting?: boolean;
  readonly seconds?: number;
  readonly trace?: string;
  /** A file that says that it has gone wrong already: it does so only once among all that share it. */
  readonly once?: string;
  /** The same for the keepers that the helper starts. */
  readonly keeper?: Fault;
  /** Moves the time of day by so much as soon as the file `when` is there. */
  readonly clock?: { readonly when: string; readonly milliseconds: number };
}

/** A throw-away project with a list, and what is around it. */
export interface Rig {
  readonly cli: string;
  readonly root: string;
  readonly project: string;
  /** What the scripted workers wrote: `start TASK CLAIM PID`, `end …`, `double …`. */
  readonly witness: string;
  /** The list as it was written. */
  readonly list: string;
  /** As in `T002:back`; of one that does nothing special only the id. */
  readonly kinds: readonly string[];
  readonly base: string;
}

/** A helper that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
}

const identity = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgSign=false"];

export function git(folder: string, ...args: string[]): string {
  return execFileSync("git", [...identity, ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/**
 * Makes a project with a list of these lines. `T002:back Second` is the task `T002`, whose worker is of the kind `back`: see `worker.sh`.
 * All may run side by side but for
 * what they depend on. `options` are lines of the project's configuration, `workers` may run at once.
 */
export function makeRig(cli: string, lines: readonly string[], options: readonly string[] = [], workers = 3): Rig {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "orchestrate-fault-")));
  const project = join(root, "project");
  const witness = join(root, "witness");
  mkdirSync(project);
  copyFileSync(join(here, "worker.sh"), join(root, "worker.sh"));
  writeFileSync(witness, "");
  const list = `# Tasks\n\n${lines.map((line) => `- [ ] ${line.replace(/^(T\d+)(?::\w+)?/, "$1 [P]")}\n`).join("")}`;
  const kinds = lines.map((line) => line.split(" ")[0] ?? "");
  const command = options.some((line) => line.startsWith("worker:"))
    ? []
    : ["worker:", `  command: [sh, ${join(root, "worker.sh")}, ${witness}, " ${kinds.join(" ")} "]`];
  writeFileSync(join(project, ".orchestrate.yml"), [`maxWorkers: ${workers}`, ...command, ...options, ""].join("\n"));
  writeFileSync(join(project, "tasks.md"), list);
  writeFileSync(join(project, "shared.txt"), "first\n");
  git(project, "init", "-q", "-b", "main");
  git(project, "add", "-A");
  git(project, "commit", "-q", "-m", "begin");
  return { cli, root, project, witness, list, kinds, base: git(project, "rev-parse", "HEAD").trim() };
}

export function dropRig({ root }: Rig): void {
  rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

/** Starts a verb of the helper, with a fault in it or without. `left` resolves when it has ended and its output is whole. */
export function start(
  { cli, project, root }: Rig,
  args: readonly string[],
  fault: Fault | null = null,
  detached = false,
): { child: ChildProcess; left: Promise<Ended> } {
  const preload = fault === null ? [] : ["--import", join(here, "preload.mjs")];
  const child = spawn(process.execPath, [...preload, cli, ...args], {
    cwd: project,
    detached,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: root,
      ...(fault === null ? {} : { ORCHESTRATE_FAULT: JSON.stringify(fault) }),
    },
  });
  let out = "";
  const keep = (chunk: Buffer): void => {
    out += chunk.toString();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  // Not `close`: a process that it left behind may hold the pipes.
  const left = once(child, "exit").then(async ([code, signal]) => {
    await new Promise((done) => setImmediate(done));
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, out };
  });
  return { child, left: arrival(`the end of \`${args.join(" ")}\``, left, () => out) };
}

export function run(rig: Rig, args: readonly string[], fault: Fault | null = null): Promise<Ended> {
  return start(rig, args, fault).left;
}

/** The newest run of the project, or null. */
export function currentRun({ project }: Rig): string | null {
  const path = join(project, ".orchestrate/current.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { run: string }).run : null;
}
