import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { builtHelper } from "../builtHelper.ts";

/** A repository whose worker, setup and check write down what they see of the environment that the run was started with. */
function setUp(): { project: string; seen: string; env: NodeJS.ProcessEnv } {
  const root = mkdtempSync(join(tmpdir(), "orchestrate-secrets-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [project, seen] = [join(root, "repo"), join(root, "seen")];
  mkdirSync(project);
  mkdirSync(seen);
  writeFileSync(
    join(root, "worker.sh"),
    `cat > /dev/null; echo x > a.txt; env > ${seen}/worker
     p=$PPID
     while [ "$p" -gt 1 ]; do tr '\\0' '\\n' < /proc/$p/environ; p=$(awk '{print $4}' /proc/$p/stat); done > ${seen}/ancestors 2>&1
     echo '{"type":"result","report":{"status":"DONE","summary":"ok","files":[]}}'`,
  );
  chmodSync(join(root, "worker.sh"), 0o755);
  writeFileSync(
    join(project, ".orchestrate.yml"),
    JSON.stringify({
      worker: { command: ["sh", join(root, "worker.sh")], env: ["FOR_WORKERS"] },
      setup: [`env > ${seen}/setup`],
      verify: [`env > ${seen}/verify`],
    }),
  );
  writeFileSync(join(project, "tasks.md"), "- [ ] T1 Write `a.txt`\n");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], { cwd: project });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "list");
  const env = {
    PATH: process.env["PATH"],
    HOME: root,
    XDG_STATE_HOME: join(root, "state"),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "x",
    GIT_AUTHOR_EMAIL: "x@example.org",
    GIT_COMMITTER_NAME: "x",
    GIT_COMMITTER_EMAIL: "x@example.org",
    DATABASE_URL: "s3cr3t",
    MY_SECRET_TOKEN: "s3cr3t",
    NODE_AUTH_TOKEN: "s3cr3t",
    FOR_WORKERS: "given",
  };
  return { project, seen, env };
}

const helper = builtHelper();

test.each([
  ["in the foreground", []],
  ["in the background", ["--detach"]],
])("what workers and git do not need is in nothing that a run %s starts, nor in its supervisor", (_, more) => {
  const { project, seen, env } = setUp();
  const ask = (...words: string[]) =>
    spawnSync(process.execPath, [helper(), ...words, "--project", project], { cwd: project, env, encoding: "utf8" });
  expect(ask("run", "tasks.md", ...more).stdout).toContain("is started");
  expect(ask("watch").stdout + ask("status").stdout).toContain("1 of 1");
  for (const name of ["setup", "verify", "worker"]) {
    const text = readFileSync(join(seen, name), "utf8");
    expect(text, name).not.toContain("s3cr3t");
    expect(text, name).toContain("FOR_WORKERS=given");
  }
  expect(readFileSync(join(seen, "ancestors"), "utf8")).not.toContain("s3cr3t");
});
