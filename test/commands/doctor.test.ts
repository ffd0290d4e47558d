import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { doctor, type Doctor } from "../../src/model/doctor.ts";
import { answer } from "../../src/commands/commandLine.ts";
import { makeHome, makeProject } from "../client/home.ts";
import { makeWorld } from "./world.ts";

type Env = Readonly<Record<string, string>>;

async function ask(cwd: string, env: Env): Promise<Doctor & { code: number; text: string }> {
  const world = makeWorld({ cwd, env });
  const { out, code } = await answer(["doctor", "--json"], world);
  const { out: text } = await answer(["doctor"], world);
  return { ...doctor().strict().parse(JSON.parse(out)), code, text };
}

function levelOf({ findings }: Doctor, name: string): string | undefined {
  return findings.find((each) => each.name === name)?.level;
}

const git = { PATH: process.env["PATH"] ?? "" };

test("what is written in the project's options counts: a worker of its own, and how many", async () => {
  await using project = await makeProject({
    ".orchestrate.yml": "maxWorkers: 1\nworker:\n  command: [node, --fast]\n",
  });
  const found = await ask(project.folder, git);
  expect(found).toMatchObject({ code: 0, workers: { wanted: 1 } });
  expect(found.text).toContain("workers are `node --fast`");
});

describe("a program of one's own that cannot begin as a worker is named, with why:", () => {
  test.each([
    ["no-such-program", "it is not on PATH"],
    ["/no/such/program", "there is no program of that name that may be run"],
    ["./no-such-program", "there is no such file"],
    ["./later", "it is not committed, so that no worktree has it"],
    ["./notes", "it is not executable"],
  ])("%s", async (command, why) => {
    await using project = await makeProject({ ".orchestrate.yml": `worker:\n  command: [${command}]\n`, notes: "" });
    writeFileSync(join(project.folder, "later"), "");
    const { findings, code } = await ask(project.folder, git);
    expect(findings.find(({ name }) => name === "worker")).toMatchObject({
      level: "missing",
      found: expect.stringContaining(why) as string,
    });
    expect(code).toBe(1);
  });

  test("not where a command prepares the worktree, which may put it there", async () => {
    await using project = await makeProject({
      ".orchestrate.yml": "worker:\n  command: [./made/later]\nsetup: [./make]\n",
    });
    expect(levelOf(await ask(project.folder, git), "worker")).toBeUndefined();
  });
});

test("options that cannot be read are named with their line", async () => {
  await using project = await makeProject({ ".orchestrate.yml": "maxWorkers: 1\nverify: 7\n" });
  const found = await ask(project.folder, git);
  expect([levelOf(found, "options"), found.code]).toEqual(["missing", 1]);
  expect(found.text).toContain(".orchestrate.yml:2");
});

test("a program that fails, hangs on its input or prints rubbish is no more than not known", async () => {
  await using project = await makeProject();
  const bin = join(project.folder, "bin");
  mkdirSync(bin);
  const script = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  script("claude", 'cat >/dev/null; [ "$1" = --version ] && echo 1.0.0 || echo "unknown command"');
  script("gh", "exit 3");
  const found = await ask(project.folder, { PATH: `${bin}:${git.PATH}` });
  expect([levelOf(found, "claude"), levelOf(found, "login"), levelOf(found, "gh")]).toEqual([
    "fine",
    "warning",
    "warning",
  ]);
});

test("outside of a repository, says so", async () => {
  await using home = await makeHome();
  const found = await ask(home.folder, git);
  expect([levelOf(found, "repository"), found.code]).toEqual(["missing", 1]);
});

test("worktrees of a run that is gone are left over", async () => {
  await using project = await makeProject();
  mkdirSync(join(project.folder, ".orchestrate/worktrees/rgone1"), { recursive: true });
  const found = await ask(project.folder, git);
  expect(found.findings.find(({ name }) => name === "leftovers")?.found).toContain("rgone1");
});
