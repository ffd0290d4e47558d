import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { arrival, until } from "../../../until.ts";
import { attemptFiles, type Launch, readEnd, type WorkerEnd } from "../../../../src/engines/headless/keeper/files.ts";
import { sweep } from "../../../../src/process/sweep.ts";

const quick: Launch["limits"] = {
  firstEvent: 1_200,
  idle: 1_200,
  total: 1_800,
  grace: 0.3,
  afterResult: 0.2,
  logBytes: 4 * 1024 * 1024,
};

export type Order =
  | { readonly do: "hello" | "input" | "ignoreTerm" | "doubleFork" | "child" }
  | { readonly do: "flood"; readonly megabytes: number; readonly byte: number }
  | { readonly do: "exit"; readonly code: number };

export interface Attempt extends AsyncDisposable {
  readonly folder: string;
  readonly claim: string;
  readonly keeper: number;
  /** Resolves with the keeper's exit code, or the signal that ended it. */
  readonly left: Promise<number | string>;
  /** Resolves with the end once the keeper has gone. */
  end(): Promise<WorkerEnd>;
  /** Gives the scripted worker an order and resolves with its answer. */
  tell(order: Order): Promise<unknown>;
  /** Prints this, a line or bytes, to standard output or error. */
  print(output: string | Buffer | object, isError?: boolean): Promise<unknown>;
  /** Every file of the attempt as one text. */
  written(): string;
  /** Resolves when the file holds this text. */
  appears(file: string, text: string): Promise<void>;
}

/** Builds a program that is the keeper and nothing else. */
export async function buildKeeper(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "orchestrate-keeper-"));
  const outfile = join(folder, "keeper.mjs");
  await build({
    stdin: {
      contents: `import { keep } from "./src/engines/headless/keeper/keeper.ts"; process.exit(await keep(process.argv[2] ?? ""));`,
      resolveDir: resolve("."),
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "warning",
  });
  return outfile;
}

interface Options {
  readonly limits?: Partial<Launch["limits"]>;
  /** Instead of the scripted worker. */
  readonly command?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly brief?: string;
  /** Done to the folder before the keeper starts. */
  readonly prepare?: (folder: string) => Promise<unknown>;
}

/** Starts a keeper over a worker that waits for orders. */
export async function startKeeper(program: string, options: Options = {}): Promise<Attempt> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "orchestrate-attempt-")));
  const folder = join(root, "1");
  await mkdir(folder);
  const claim = `claim-${root.slice(-6)}-${process.pid}`;
  const socketPath = join(root, "socket");
  const server = createServer();
  const connected = arrival("the worker", once(server, "connection")).then(([socket]) => orderer(socket as Socket));
  await new Promise<void>((listening) => server.listen(socketPath, listening));
  const launch: Launch = {
    schema: 1,
    command: [...(options.command ?? [process.execPath, resolve("test/engines/headless/worker/fake.mjs")])],
    cwd: options.cwd ?? root,
    claim,
    limits: { ...quick, ...options.limits },
  };
  await writeFile(attemptFiles(folder).launch, JSON.stringify(launch));
  await writeFile(attemptFiles(folder).brief, options.brief ?? "do it");
  await options.prepare?.(folder);
  const keeper = spawn(process.execPath, [program, folder], {
    detached: true,
    stdio: "ignore",
    env: { PATH: process.env["PATH"], FAKE_SOCKET: socketPath, ORCHESTRATE_TOKEN: claim, ...options.env },
  });
  const ended = once(keeper, "exit").then(([code, signal]) => (code ?? signal) as number | string);
  const left = arrival("the end of the keeper", ended);
  const tell = async (order: object): Promise<unknown> =>
    arrival(`the worker's answer to ${JSON.stringify(order).slice(0, 100)}`, (await connected)(order));
  return {
    folder,
    claim,
    keeper: keeper.pid ?? 0,
    left,
    async end() {
      const code = await left;
      const end = readEnd(folder);
      if (end === null) throw new Error(`the keeper left with ${code} and no end`);
      return end;
    },
    tell,
    print(output, isError = false) {
      const bytes = Buffer.isBuffer(output) ? output : Buffer.from(`${textOf(output)}\n`);
      return tell({ do: "print", base64: bytes.toString("base64"), error: isError });
    },
    written: () =>
      readdirSync(folder)
        .filter((name) => name !== "launch.json")
        .map((name) => readFileSync(join(folder, name), "utf8"))
        .join("\n"),
    appears: (file, text) => appears(folder, file, text),
    async [Symbol.asyncDispose]() {
      if (keeper.exitCode === null && keeper.signalCode === null) keeper.kill("SIGKILL");
      await left;
      await sweep(claim);
      server.close();
      await rm(root, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

function textOf(output: string | object): string {
  return typeof output === "string" ? output : JSON.stringify(output);
}

/** Sends one order at a time; the answers come in the same order. A worker that is gone answers null. */
function orderer(socket: Socket): (order: object) => Promise<unknown> {
  const waiting: ((answer: unknown) => void)[] = [];
  createInterface({ input: socket }).on("line", (line) => waiting.shift()?.(JSON.parse(line)));
  socket.on("error", () => undefined);
  socket.on("close", () => {
    for (const answered of waiting.splice(0)) answered(null);
  });
  return (order) =>
    new Promise((answered) => {
      if (socket.destroyed) return answered(null);
      waiting.push(answered);
      socket.write(`${JSON.stringify(order)}\n`);
    });
}

async function appears(folder: string, file: string, text: string): Promise<void> {
  const path = join(folder, file);
  const read = (): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
  await until(`\`${text}\` in ${file}`, () => read().includes(text), read);
}

/** Whether a process runs; one that has ended but was not waited for does not. */
export function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch {
    return false;
  }
}
