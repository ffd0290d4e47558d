// What `pnpm test` runs: every check in turn, then all tests. The last line is `N passed, N failed`, and `, N skipped` where
// tests were skipped; each of them says why.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const bin = (name) => join(root, "node_modules", ".bin", name);

const checks = [
  ["types", bin("tsc")],
  ["lint", bin("oxlint"), "--type-aware", "--deny-warnings", "src", "test", "scripts"],
  ["format", bin("oxfmt"), "--check", "src", "test", "scripts"],
  ["dead code", bin("knip")],
  ["dist", process.execPath, "scripts/build.mjs", "--check"],
  // Of the headless engine, with a virtual clock; `pnpm faults` looks at more.
  ["simulation", process.execPath, "scripts/simulate.mjs", "--seeds", process.env.CI ? "20000" : "10000"],
];

let passed = 0;
let failed = 0;
let skipped = 0;
for (const [name, command, ...args] of checks) {
  process.stdout.write(`checking ${name}\n`);
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
  const { numPassedTests, numFailedTests, numPendingTests, success } = JSON.parse(readFileSync(report, "utf8"));
  passed += numPassedTests;
  failed += numFailedTests;
  skipped += numPendingTests;
  // A file that cannot be loaded fails without a failed test.
  failed += numFailedTests === 0 && (!success || vitest.status !== 0) ? 1 : 0;
} catch {
  process.stdout.write("FAILED: vitest wrote no report\n");
  failed += 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
