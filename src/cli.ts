import { readSync } from "node:fs";
import module from "node:module";
import { setFlagsFromString } from "node:v8";
import { answer } from "./commands/commandLine.ts";
import type { Screen, World } from "./commands/command.ts";
import { dropEnvironment } from "./process/dropEnvironment.ts";

// Node 22 and newer keep compiled code between starts; older ones have no such function.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();
// The optimising compiler starts after some times the usual work: on a list of a hundred tasks it costs 20 ms and gains nothing.
// Newer engines do not know this flag, and say so aloud.
if (Number.parseInt(process.versions.v8, 10) < 12) setFlagsFromString("--interrupt-budget=500000");

const world: World = {
  cwd: process.cwd(),
  env: process.env,
  dropEnvironment,
  stdin: readStandardInput,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  now: () => new Date(),
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  colour: process.stdout.isTTY && process.env["NO_COLOR"] === undefined && process.env["TERM"] !== "dumb",
  cli: process.argv[1] ?? "dist/cli.mjs",
};

// A reader that has seen enough, such as `head`, closes the pipe, and a terminal may be closed: no error of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  });
}

const { out, err, code, live } = await answer(process.argv.slice(2), world);
process.exitCode = code;
if (out !== "") process.stdout.write(out);
if (err !== "") process.stderr.write(err);
if (live !== undefined) process.exitCode = await live(makeScreen());

/** The terminal, as far as a verb that goes on may use it. */
function makeScreen(): Screen {
  const interrupted = new AbortController();
  const closed = new AbortController();
  process.stdout.on("error", () => closed.abort());
  let atEnd = "";
  const interrupt = (): void => {
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  process.on("exit", () => {
    if (atEnd !== "") process.stdout.write(atEnd);
  });
  return {
    write: (text) => void process.stdout.write(text),
    size: () => (process.stdout.isTTY ? { columns: process.stdout.columns, rows: process.stdout.rows } : null),
    resized: (then) => void process.stdout.on("resize", then),
    interrupted: interrupted.signal,
    closed: closed.signal,
    restore: (text) => {
      atEnd = text;
    },
  };
}

/** Asks on standard error, so that what a command prints stays what it is. A closed terminal answers nothing. */
async function ask(question: string): Promise<string> {
  const { createInterface } = await import("node:readline");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answered = await new Promise<string>((resolve) => {
    terminal.once("close", () => resolve(""));
    terminal.question(question, resolve);
  });
  terminal.close();
  return answered;
}

/** Standard input to its end. A terminal is empty: nothing waits for a person here. */
function readStandardInput(): string {
  if (process.stdin.isTTY) return "";
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(65_536);
    try {
      const size = readSync(0, chunk);
      if (size === 0) return Buffer.concat(chunks).toString("utf8");
      chunks.push(chunk.subarray(0, size));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      if (code === "EOF") return Buffer.concat(chunks).toString("utf8");
      if (code !== "EAGAIN") throw error;
      // Whoever made the pipe made it non-blocking; there is no event loop to wait in while reading synchronously.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
