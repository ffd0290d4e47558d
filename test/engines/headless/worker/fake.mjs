// A worker that does what the test tells it over a socket, one order after the other, and answers each.
import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";

const socket = createConnection(process.env.FAKE_SOCKET);
const answer = (value) => socket.write(`${JSON.stringify(value)}\n`);
let input = "";
process.stdin.setEncoding("utf8").on("data", (text) => (input += text));
const allInput = new Promise((resolve) => process.stdin.once("end", resolve));

/** Writes all of it, whatever the pipe takes at once. */
function print(file, bytes) {
  for (let from = 0; from < bytes.length;) {
    try {
      from += writeSync(file, bytes, from);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

const orders = {
  hello: () => ({ pid: process.pid, cwd: process.cwd(), token: process.env.ORCHESTRATE_TOKEN }),
  print: ({ base64, error }) => print(error ? 2 : 1, Buffer.from(base64, "base64")),
  async input() {
    await allInput;
    return input;
  },
  flood({ megabytes, byte }) {
    const chunk = Buffer.alloc(1024 * 1024, byte);
    for (let count = 0; count < megabytes; count++) print(1, chunk);
  },
  ignoreTerm() {
    process.on("SIGTERM", () => undefined);
  },
  /** A grandchild in a session of its own whose parent is gone at once. */
  async doubleFork() {
    const shell = spawn("sh", ["-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let text = "";
    for await (const chunk of shell.stdout) text += chunk;
    return Number(text);
  },
  /** A child in this worker's own group that does not end when asked. */
  async child() {
    const child = spawn("sh", ["-c", "trap '' TERM; echo ready; sleep 1000"], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    return child.pid;
  },
  exit: ({ code }) => process.exit(code),
};

for await (const line of createInterface({ input: socket })) {
  const order = JSON.parse(line);
  if (order.do === "exit") socket.write("null\n", () => orders[order.do](order));
  else answer((await orders[order.do](order)) ?? null);
}
