import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect, onTestFinished, test } from "vitest";

/** Runs lines in a process of its own, which has a secret from its start. */
function said(lines: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-drop-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [source, program] = [join(folder, "in.ts"), join(folder, "out.cjs")];
  writeFileSync(
    source,
    `import { dropEnvironment } from ${JSON.stringify(join(process.cwd(), "src/process/dropEnvironment.ts"))};
     import { execFileSync } from "node:child_process";
     import { readFileSync } from "node:fs";
     ${lines}`,
  );
  buildSync({ entryPoints: [source], bundle: true, platform: "node", outfile: program });
  const env = { PATH: process.env["PATH"], HOME: folder, TZ: "Asia/Tokyo", A_SECRET: "s3cr3t", KEPT: "ünï=\n'x'" };
  return JSON.parse(execFileSync(process.execPath, [program], { env, encoding: "utf8" }));
}
const drop = `const dropped = dropEnvironment({ PATH: process.env.PATH, HOME: process.env.HOME, KEPT: process.env.KEPT, TZ: process.env.TZ });`;

test("what stays is as it was, here and in children; the rest is in neither", () => {
  expect(
    said(`${drop}
      const child = JSON.parse(execFileSync(process.execPath, ["-p", "JSON.stringify(process.env)"], { encoding: "utf8" }));
      console.log(JSON.stringify({ here: process.env.KEPT, secret: process.env.A_SECRET ?? null, kept: child.KEPT, child: child.A_SECRET ?? null, hour: new Date(0).getHours() }))`),
  ).toEqual({ here: "ünï=\n'x'", secret: null, kept: "ünï=\n'x'", child: null, hour: 9 });
});

test.runIf(process.platform === "linux")("another process of the same user finds nothing of it in /proc", () => {
  expect(
    said(`const look = () => execFileSync("sh", ["-c", "cat /proc/$PPID/environ"]).includes("s3cr3t");
      const before = look();
      ${drop}
      console.log(JSON.stringify({ before, dropped, after: look() }))`),
  ).toEqual({ before: true, dropped: true, after: false });
});
