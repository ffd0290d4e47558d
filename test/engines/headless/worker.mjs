// A worker that speaks the client's own protocol and does what the test tells it over a socket.
import { createConnection } from "node:net";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [how] = process.argv.slice(2);
const brief = readFileSync(0, "utf8");
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const { ORCHESTRATE_TASK: task, ORCHESTRATE_TOKEN: token, PORT: port } = process.env;

const socket = createConnection(process.env.FAKE_SOCKET);
socket.write(
  `${JSON.stringify({ how: how ?? "worker", task, token, port, pid: process.pid, parent: process.ppid, cwd: process.cwd(), brief })}\n`,
);
for await (const line of createInterface({ input: socket })) {
  const order = JSON.parse(line);
  if (order.say !== undefined) say(order.say);
  if (order.print !== undefined) process.stdout.write(order.print);
  if (order.exit !== undefined) process.exit(order.exit);
  if (order.ignore !== undefined) process.on(order.ignore, () => undefined);
}
