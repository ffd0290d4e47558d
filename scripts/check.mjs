// What `pnpm check` runs: types, lint, format and the unit tests, side by side. The whole of it is `pnpm test`.
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const bin = (name) => join(root, "node_modules", ".bin", name);
const checks = [
  ["types", bin("tsc")],
  ["lint", bin("oxlint"), "--type-aware", "--deny-warnings", "src", "test", "scripts"],
  ["format", bin("oxfmt"), "--check", "src", "test", "scripts"],
  // Every file in the same two processes: to load what they test anew for each would take as long as the tests.
  ["unit tests", bin("vitest"), "run", "--project", "unit", "--no-isolate", "--reporter", "dot"],
];

process.stdout.write(`checking ${checks.map(([name]) => name).join(", ")}\n`);
for (const [name, command, ...args] of checks) {
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
  child.on("error", (error) => {
    said += `${error.message}\n`;
  });
  child.on("close", (code) => {
    if (code !== 0) process.exitCode = 1;
    process.stdout.write(code === 0 ? `passed: ${name}\n` : `${said}FAILED: ${name}\n`);
  });
}
