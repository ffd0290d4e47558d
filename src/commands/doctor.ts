import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { lookNow } from "../git/ledger.ts";
import { repositoryProblem } from "../git/problem.ts";
import type { Config } from "../model/config.ts";
import { readRegular } from "../process/readRegular.ts";
import { readConfig, mergeConfig } from "../lists/config.ts";
import { sentence } from "../show/diagnostics.ts";
import { judge, showDoctor, type Facts, type Login } from "../show/doctor.ts";
import { stateFolder } from "../run/current.ts";
import { openRun } from "../run/store.ts";
import type { Answer, Invocation, World } from "./command.ts";
import { projectOf, styleOf, text } from "./load.ts";

/** Milliseconds that a program may take to say who it is. */
const longest = 15_000;

/** File systems by the number that the system gives them. On remote ones several appenders may overwrite each other. */
const foreign: ReadonlyMap<number, { name: string; remote: boolean }> = new Map([
  [0x6969, { name: "NFS", remote: true }],
  [0x517b, { name: "SMB", remote: true }],
  [0xff534d42, { name: "CIFS", remote: true }],
  [0xfe534d42, { name: "SMB", remote: true }],
  [0x01021997, { name: "9p (a folder of the host system)", remote: false }],
  [0x65735546, { name: "FUSE", remote: false }],
]);

/**
 * Looks at what headless runs need on this machine. Starts git, the client and gh, and asks the network one thing at most:
 * what `gh` may ask GitHub for, where the project is there.
 */
export async function run({ options, world }: Invocation): Promise<Answer> {
  const project = projectOf(text(options["project"]), world);
  const found = judge(await facts(project, world));
  const out = options["json"] === true ? JSON.stringify(found, null, 2) : showDoctor(found, styleOf(world));
  return { out: `${out}\n`, err: "", code: found.ok ? 0 : 1 };
}

async function facts(project: string, world: World): Promise<Facts> {
  const config = configOf(project);
  const ask = (program: string, ...args: string[]): Promise<Said> => said(program, args, project, world);
  const [git, problem, claude, gh, github] = await Promise.all([
    ask("git", "version"),
    repositoryProblem(project),
    askClient(ask),
    askGh(ask),
    askGitHub(project, world),
  ]);
  // Through a repository of ours: nothing that this one's config names is run by a look.
  const changes = lookNow(project, ["status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty"]);
  const tree = lookNow(project, ["ls-tree", "-r", "-l", "HEAD"]) ?? "";
  const disk = diskOf(project);
  return {
    node: process.versions.node,
    git: git.code === 0 ? firstLine(git.out) : null,
    repositoryProblem: problem,
    uncommitted: (changes ?? "").split("\n").filter((line) => line !== "").length,
    workerCommand: typeof config === "string" ? null : (config.worker.command?.join(" ") ?? null),
    workerProblem: typeof config === "string" ? null : workerProblem(config, project, world),
    claude,
    gh,
    github,
    configProblem: typeof config === "string" ? config : null,
    maxWorkers: typeof config === "string" ? null : config.maxWorkers,
    diskFree: disk?.free ?? null,
    treeSize: treeSize(tree),
    memory: memory(),
    processors: availableParallelism(),
    fileSystem: disk?.foreign ?? null,
    leftovers: leftovers(project),
  };
}

type Said = { readonly code: number | null; readonly out: string };
type Ask = (program: string, ...args: string[]) => Promise<Said>;

/** Asks one program, without a shell. Code null: it could not be started, or took too long. */
function said(program: string, args: readonly string[], cwd: string, world: World): Promise<Said> {
  return new Promise((resolve) => {
    const env = { ...world.env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" };
    const options = { cwd, env, timeout: longest, maxBuffer: 64 * 1024 * 1024, encoding: "utf8" as const };
    const child = execFile(program, args, options, (error, out) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ code, out });
    });
    child.stdin?.end();
  });
}

/** Why the program that is named as worker cannot begin, or null. A relative path is looked for in each worktree. */
function workerProblem({ worker, setup }: Config, project: string, world: World): string | null {
  const program = worker.command?.[0];
  if (program === undefined) return null;
  if (!program.includes("/"))
    return (world.env["PATH"] ?? "").split(delimiter).some((folder) => isProgram(join(folder, program)))
      ? null
      : "it is not on PATH";
  if (isAbsolute(program)) return isProgram(program) ? null : "there is no program of that name that may be run";
  // What prepares a worktree may put it there.
  if (setup.length > 0 || existsSync(join(project, ".worktreeinclude"))) return null;
  const committed = lookNow(project, ["ls-tree", "HEAD", "--", program]) ?? "";
  if (committed.trim() === "")
    return existsSync(join(project, program))
      ? "it is not committed, so that no worktree has it"
      : "there is no such file";
  return committed.startsWith("100755") || committed.startsWith("120000") ? null : "it is not executable";
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The client's version, and whether somebody is logged in: it says so without asking the network. */
async function askClient(ask: Ask): Promise<Facts["claude"]> {
  const version = await ask("claude", "--version");
  if (version.code !== 0) return null;
  return { version: firstLine(version.out), login: loginIn((await ask("claude", "auth", "status", "--json")).out) };
}

/** What `claude auth status --json` says. Older clients have no such command. */
function loginIn(out: string): Login {
  try {
    const status: unknown = JSON.parse(out);
    if (typeof status !== "object" || status === null || !("loggedIn" in status)) return { state: "unknown" };
    if (status.loggedIn !== true) return { state: "out" };
    const by = "authMethod" in status && typeof status.authMethod === "string" ? status.authMethod : "method not named";
    return { state: "in", by };
  } catch {
    return { state: "unknown" };
  }
}

/** `gh auth token` looks into its own files only. What it prints is thrown away. */
async function askGh(ask: Ask): Promise<Facts["gh"]> {
  const version = await ask("gh", "--version");
  if (version.code !== 0) return null;
  return { version: firstLine(version.out), loggedIn: (await ask("gh", "auth", "token")).code === 0 };
}

/** What `gh` may do where the project's remote is; null where nobody reads issues. */
async function askGitHub(project: string, world: World): Promise<Facts["github"]> {
  const { githubAccess } = await import("../github/access.ts");
  return githubAccess({ cwd: project, env: world.env, timeout: longest }, world.now());
}

/** The options in force, or why they cannot be read. */
function configOf(project: string): Config | string {
  const name = ".orchestrate.yml";
  const file = readRegular(join(project, name));
  if (!file.ok && !existsSync(join(project, name))) return mergeConfig();
  if (!file.ok) return `${name} cannot be read: ${file.reason}.`;
  const read = readConfig(file.bytes.toString("utf8"), name);
  if (read.ok) return mergeConfig(read.value);
  return read.diagnostics.map((one) => `${name}:${one.place?.line ?? 1}: ${sentence(one)}`).join(" ");
}

function diskOf(project: string): { free: number; foreign: Facts["fileSystem"] } | null {
  try {
    const { bavail, bsize, type } = statfsSync(project);
    return { free: bavail * bsize, foreign: process.platform === "linux" ? (foreign.get(type) ?? null) : null };
  } catch {
    return null;
  }
}

/** Bytes that new processes can have, within what a container allows. */
function memory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(freemem(), limit) : freemem();
}

/** Bytes of all files of a commit, from `git ls-tree -l`. */
function treeSize(listing: string): number {
  let sum = 0;
  for (const [, size] of listing.matchAll(/^\d+ blob [0-9a-f]+ +(\d+)\t/gm)) sum += Number(size);
  return sum;
}

/** Runs whose worktrees are there although they are over, or gone. */
function leftovers(project: string): string[] {
  const folder = join(project, stateFolder, "worktrees");
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.filter((name) => {
    const run = openRun(project, name);
    return !run.ok || run.value.state.finished !== null;
  });
}

function firstLine(out: string): string {
  return out.trim().split("\n")[0] ?? "";
}
