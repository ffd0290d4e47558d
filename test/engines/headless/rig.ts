import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { parseJournal } from "../../../src/run/parse.ts";
import type { Event } from "../../../src/model/event.ts";
import { readCurrent } from "../../../src/run/current.ts";
import { buildHelper } from "../../buildHelper.ts";
import { arrival, until } from "../../until.ts";

/** A worker that the engine has just started, waiting for what the test makes it do. */
export interface Worker {
  readonly how: string;
  readonly task: string;
  readonly token: string;
  readonly port: string;
  readonly pid: number;
  /** The process over it. */
  readonly parent: number;
  readonly cwd: string;
  readonly brief: string;
  /** Writes a file in its worktree. */
  write(path: string, text: string): Promise<void>;
  say(event: object): void;
  print(text: string): void;
  /** Says how it went and ends. */
  report(status: string, summary: string, more?: { outside?: object[]; cost?: number; text?: string }): void;
  exit(code: number): void;
  readonly gone: Promise<unknown>;
}

/** The helper as a process, and what it printed so far. */
export interface Helper {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly exit: Promise<number | null>;
}

export interface Rig extends AsyncDisposable {
  readonly project: string;
  /** The next worker of a task, or the next of any. */
  worker(task?: string): Promise<Worker>;
  start(...line: string[]): Helper;
  /** Likewise with another build of the helper. */
  startBy(cli: string, ...line: string[]): Helper;
  /** Runs the helper to its end. */
  call(...line: string[]): Promise<{ code: number | null; out: string }>;
  git(...line: string[]): Promise<string>;
  events(): Event[];
  /** Resolves when such an event stands in the journal. */
  until<Type extends Event["type"]>(
    type: Type,
    fits?: (event: Extract<Event, { type: Type }>) => boolean,
  ): Promise<Extract<Event, { type: Type }>>;
}

/** A repository with a list, and workers that wait for the test. `options` go into `.orchestrate.yml`. */
export async function makeRig(
  list: string,
  options: Record<string, unknown> = {},
  files: Record<string, string> = {},
): Promise<Rig> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "orchestrate-run-")));
  const project = join(root, "project");
  const cli = await buildHelper();
  const waiting: Worker[] = [];
  const asked: { task: string | undefined; take: (worker: Worker) => void }[] = [];
  const hand = (): void => {
    for (const [at, one] of asked.entries()) {
      const found = waiting.findIndex(({ task }) => one.task === undefined || task === one.task);
      const [worker] = found === -1 ? [] : waiting.splice(found, 1);
      if (worker === undefined) continue;
      asked.splice(at, 1);
      one.take(worker);
      hand();
      return;
    }
  };
  const server = createServer((socket) => void greet(socket).then((worker) => (waiting.push(worker), hand())));
  server.listen(join(root, "socket"));
  await once(server, "listening");
  const config = {
    worker: { command: [process.execPath, resolve("test/engines/headless/worker.mjs")], env: ["FAKE_SOCKET"] },
    ...options,
  };
  const all = { "tasks.md": list, ".orchestrate.yml": stringify(config), "README.md": "A project\n", ...files };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }
  const git = async (...line: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)("git", line, { cwd: project });
    return stdout.trimEnd();
  };
  await git("init", "-q", "-b", "main");
  await git("config", "user.name", "A Person");
  await git("config", "user.email", "person@example.org");
  await git("add", "-A");
  await git("commit", "-qm", "base");

  const started: ChildProcess[] = [];
  const start = (...line: string[]): Helper => startBy(cli, ...line);
  const startBy = (program: string, ...line: string[]): Helper => {
    const child = spawn(process.execPath, [program, ...line], {
      cwd: project,
      env: {
        ...process.env,
        FAKE_SOCKET: join(root, "socket"),
        CLAUDE_CODE_SESSION_ID: undefined,
        ORCHESTRATE_TOKEN: undefined,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    started.push(child);
    let out = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (out += chunk.toString()));
    const exit = once(child, "close").then(([code]) => code as number | null);
    return { child, out: () => out, exit: arrival(`the end of \`${line.join(" ")}\``, exit, () => out) };
  };
  const events = (): Event[] => readEvents(project);
  const journal = (): string =>
    events()
      .map((event) => JSON.stringify(event))
      .join("\n");
  return {
    project,
    git,
    start,
    startBy,
    events,
    async call(...line) {
      const helper = start(...line);
      return { code: await helper.exit, out: helper.out() };
    },
    worker: (task) => {
      const came = new Promise<Worker>((take) => {
        asked.push({ task, take });
        hand();
      });
      return arrival(`a worker of ${task ?? "any task"}`, came, journal);
    },
    async until(type, fits = () => true) {
      const found = await until(
        `the event \`${type}\`${fits.length > 0 ? ` with ${String(fits)}` : ""}`,
        () => events().find((event) => event.type === type && fits(event as never)),
        journal,
      );
      return found as never;
    },
    async [Symbol.asyncDispose]() {
      await start("stop").exit;
      for (const child of started) if (child.exitCode === null) child.kill("SIGKILL");
      server.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function readEvents(project: string): Event[] {
  const run = readCurrent(project)?.run;
  if (run === undefined) return [];
  const journal = parseJournal(readFileSync(join(project, ".orchestrate/runs", run, "events.jsonl")));
  return "events" in journal ? [...journal.events] : [];
}

async function greet(socket: Socket): Promise<Worker> {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const said = JSON.parse(String((await lines.next()).value)) as Omit<
    Worker,
    "write" | "say" | "print" | "report" | "exit" | "gone"
  >;
  const order = (value: object): void => void socket.write(`${JSON.stringify(value)}\n`);
  socket.on("error", () => undefined);
  return {
    ...said,
    gone: once(socket, "close"),
    async write(path, text) {
      await mkdir(dirname(join(said.cwd, path)), { recursive: true });
      await writeFile(join(said.cwd, path), text);
    },
    say: (event) => order({ say: event }),
    print: (text) => order({ print: text }),
    report(status, summary, { outside = [], cost = 0 } = {}) {
      order({ say: { type: "result", total_cost_usd: cost, report: { status, summary, files: [], outside } } });
      order({ exit: 0 });
    },
    exit: (code) => order({ exit: code }),
  };
}
