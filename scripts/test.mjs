// What `pnpm test` runs: every check in turn, then all tests. The last line is `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
/** The client that the tests were written against. */
const clientVersion = "2.1.330";
const bin = (name) => join(root, "node_modules", ".bin", name);

// Most of what is worth testing happens in the real client: it is fetched once when the machine has none.
const client = join(root, ".cache", "claude");
const onPath = (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "claude")));
if (
  !process.env.ORCHESTRATE_CLAUDE &&
  !process.env.ORCHESTRATE_NO_CLIENT &&
  !onPath &&
  !existsSync(join(client, "node_modules"))
) {
  process.stdout.write("fetching the Claude Code client for the tests\n");
  const wanted = `@anthropic-ai/claude-code@${clientVersion}`;
  spawnSync("npm", ["install", "--prefix", client, wanted, "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: "inherit",
  });
}

const checks = [
  ["types", bin("tsc")],
  ["lint", bin("oxlint"), "--type-aware", "--deny-warnings", "src", "test", "scripts"],
  ["format", bin("oxfmt"), "--check", "src", "test", "scripts"],
  ["dead code", bin("knip")],
  ["dist", process.execPath, "scripts/build.mjs", "--check"],
  ["start-up", process.execPath, "scripts/startup.mjs", "--check"],
  // Of the headless engine, with a virtual clock; a machine that nobody waits for looks at more.
  ["simulation", process.execPath, "scripts/simulate.mjs", "--seeds", process.env.CI ? "100000" : "10000"],
];

let passed = 0;
let failed = 0;
for (const [name, command, ...args] of checks) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  const ok = status === 0 && error === undefined;
  if (ok) passed += 1;
  else failed += 1;
  process.stdout.write(`${ok ? "passed" : "FAILED"}: ${name}\n`);
}

const folder = mkdtempSync(join(tmpdir(), "orchestrate-test-"));
const report = join(folder, "report.json");
const vitest = spawnSync(
  bin("vitest"),
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
  { cwd: root, stdio: "inherit" },
);
try {
  const { numPassedTests, numFailedTests, numTotalTests, success } = JSON.parse(readFileSync(report, "utf8"));
  passed += numPassedTests;
  failed += numFailedTests;
  const left = numTotalTests - numPassedTests - numFailedTests;
  if (left > 0) process.stdout.write(`FAILED: ${left} tests were not run\n`);
  // A file that cannot be loaded fails without a failed test.
  failed += left > 0 || (numFailedTests === 0 && (!success || vitest.status !== 0)) ? 1 : 0;
} catch {
  process.stdout.write("FAILED: vitest wrote no report\n");
  failed += 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
