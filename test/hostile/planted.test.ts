import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { gitIn } from "../git/makeRepository.ts";
import { makeRig, type Rig } from "../engines/headless/rig.ts";

/** Where a worker plants something: its own tree, or the user's repository, which it can reach. */
interface Field {
  readonly folder: string;
  /** Git's own folder of it. */
  readonly admin: string;
  readonly set: (key: string, value: string) => void;
  /** A command line that notes who called it, and passes on what it is given. */
  readonly planted: string;
}

/** A program that writes down the processes above it, one line for each time that it is run. */
function makeProgram(rig: Rig): { planted: string; callers: () => string[][] } {
  const folder = dirname(rig.project);
  const log = join(folder, "callers");
  const planted = join(folder, "planted.sh");
  const script = [
    "#!/bin/sh",
    "p=$$ line=",
    'while [ "${p:-0}" -gt 1 ]; do line="$line $p"; p=$(ps -o ppid= -p "$p" | tr -d " "); done',
    `echo "$line" >> '${log}'`,
    "cat",
  ];
  writeFileSync(planted, `${script.join("\n")}\n`);
  chmodSync(planted, 0o755);
  const callers = (): string[][] =>
    existsSync(log)
      ? readFileSync(log, "utf8")
          .trimEnd()
          .split("\n")
          .map((line) => line.trim().split(" "))
      : [];
  return { planted, callers };
}

function fieldAt(folder: string, planted: string): Field {
  const git = gitIn(folder);
  return { folder, admin: join(folder, ".git"), planted, set: (key, value) => void git("config", key, value) };
}

function hooks({ admin, planted }: Field): void {
  mkdirSync(join(admin, "hooks"), { recursive: true });
  for (const name of ["pre-commit", "post-checkout", "post-index-change", "reference-transaction", "post-merge"]) {
    writeFileSync(join(admin, "hooks", name), `#!/bin/sh\nexec '${planted}' </dev/null\n`);
    chmodSync(join(admin, "hooks", name), 0o755);
  }
}

function monitor({ set, planted }: Field): void {
  set("core.fsmonitor", planted);
}

function filters({ admin, set, planted }: Field): void {
  for (const way of ["clean", "smudge"]) set(`filter.planted.${way}`, planted);
  set("diff.planted.textconv", planted);
  set("merge.planted.driver", `${planted} %A </dev/null`);
  mkdirSync(join(admin, "info"), { recursive: true });
  appendFileSync(join(admin, "info/attributes"), "* filter=planted diff=planted merge=planted\n");
}

function promisor({ set, planted, folder, admin }: Field): void {
  set("core.repositoryFormatVersion", "1");
  set("extensions.partialClone", "up");
  set("remote.up.promisor", "true");
  set("remote.up.url", folder);
  set("remote.up.uploadpack", `${planted} </dev/null; git-upload-pack`);
  set("core.alternateRefsCommand", `${planted} </dev/null; :`);
  set("core.sshCommand", `${planted} </dev/null; :`);
  mkdirSync(join(admin, "objects/info"), { recursive: true });
}

/** A repository within the tree that is added as a link. */
function nested(field: Field): void {
  const inner = join(field.folder, "nest");
  mkdirSync(inner);
  const git = gitIn(inner);
  git("init", "-q");
  writeFileSync(join(inner, "f"), "1\n");
  git("add", "f");
  git("-c", "user.name=W", "-c", "user.email=w@example.org", "commit", "-qm", "n");
  const within = fieldAt(inner, field.planted);
  for (const plant of [hooks, monitor, filters]) plant(within);
  writeFileSync(join(inner, "f"), "2\n");
}

const kinds = [hooks, monitor, filters, promisor];

/** The run to its end, with everything that a person may ask of it; `T001` plants. */
async function through(plant: (rig: Rig, cwd: string, planted: string) => (() => void) | undefined) {
  const rig = await makeRig("- [ ] T001 One in `one.txt`\n- [ ] T002 Two in `two.txt` (depends on T001)\n", {
    verify: ["true"],
    sendBacks: 2,
  });
  await using _ = rig;
  const { planted, callers } = makeProgram(rig);
  const ours: number[] = [];
  const run = rig.start("run", "tasks.md");
  ours.push(run.child.pid ?? 0);
  const first = await rig.worker("T001");
  await first.write("one.txt", "1\n");
  const end = plant(rig, first.cwd, planted);
  try {
    first.report("DONE", "done");
    for (;;) {
      const next = await rig.worker();
      if (next.task === "T001") {
        rmSync(join(next.cwd, "nest"), { recursive: true, force: true });
        next.report("DONE", "done");
        continue;
      }
      await next.write("two.txt", "2\n");
      next.report("DONE", "done");
      break;
    }
    const code = await run.exit;
    for (const line of [
      ["status"],
      ["inbox"],
      ["doctor"],
      ["plan", "tasks.md"],
      ["merge", "--into", "mine"],
      ["clean"],
    ]) {
      const helper = rig.start(...line);
      ours.push(helper.child.pid ?? 0);
      await helper.exit;
    }
    end?.();
    const delivered = execFileSync("git", ["--no-replace-objects", "ls-tree", "-r", "--name-only", "mine"], {
      cwd: rig.project,
      encoding: "utf8",
    });
    const byUs = callers().filter((line) => ours.some((pid) => line.includes(String(pid))));
    return { code, out: run.out(), delivered, byUs, byOthers: callers().length - byUs.length };
  } finally {
    end?.();
  }
}

const whole = { code: 0, delivered: expect.stringMatching(/one\.txt[^]*two\.txt/) as string, byUs: [] };

describe("nothing that a worker plants is run by us", () => {
  test("hooks, monitors, filters, promises in its own tree, which its own git does run", async () => {
    const ended = await through((_rig, cwd, planted) => {
      for (const plant of kinds) plant(fieldAt(cwd, planted));
      gitIn(cwd)("add", "one.txt");
      return undefined;
    });
    expect(ended, ended.out).toMatchObject(whole);
    expect(ended.byOthers).toBeGreaterThan(0);
  });

  test("the same in the user's repository", async () => {
    const ended = await through((rig, _cwd, planted) => {
      for (const plant of kinds) plant(fieldAt(rig.project, planted));
      return undefined;
    });
    expect(ended, ended.out).toMatchObject(whole);
  });

  test("a repository within its tree, with all of them", async () => {
    const ended = await through((_rig, cwd, planted) => {
      nested(fieldAt(cwd, planted));
      return undefined;
    });
    expect(ended, ended.out).toMatchObject(whole);
  });

  test("settings of the user's repository that come and go while the run goes on", async () => {
    const ended = await through((rig, _cwd, planted) => {
      const flip = `while :; do for key in core.fsmonitor core.hooksPath filter.planted.clean core.alternateRefsCommand; do git config "$key" '${planted}'; git config --unset-all "$key"; done; done`;
      const flipping = spawn("sh", ["-c", flip], { cwd: rig.project, stdio: "ignore" });
      return () => void flipping.kill("SIGKILL");
    });
    expect(ended, ended.out).toMatchObject(whole);
  });

  test("commits that stand for others change nothing of what is merged", async () => {
    const ended = await through((rig) => {
      const git = gitIn(rig.project);
      const base = git("rev-parse", "HEAD");
      const readme = git("rev-parse", "HEAD:README.md");
      const empty = git("hash-object", "-t", "tree", "-w", "/dev/null");
      git("replace", base, git("commit-tree", empty, "-m", "stands for the base"));
      git("replace", "-f", readme, git("hash-object", "-w", "tasks.md"));
      return undefined;
    });
    expect(ended, ended.out).toMatchObject(whole);
    expect(ended.delivered).toContain("README.md");
  });
});
