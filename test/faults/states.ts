import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { append } from "../../src/run/append.ts";
import { eventsOf, faultsOf, journalOf } from "./check.ts";
import { until } from "../until.ts";
import { currentRun, dropRig, type Ended, git, makeRig, type Rig, run, start } from "./rig.ts";

/** A state of the repository or of the list that the run meets, and what must hold then. */
interface Case {
  readonly name: string;
  readonly list?: readonly string[];
  /** Before the run. */
  readonly before?: (rig: Rig) => void;
  /** Between the kill of its supervisor, at this call, and the resume. */
  readonly between?: (rig: Rig) => void;
  /** Faults of a rule that this case breaks by itself. */
  readonly expected?: (fault: string) => boolean;
  /** What must hold beside the common rules: null, or what is wrong. */
  readonly after?: (rig: Rig, ended: Ended) => string | null;
}

const chain = ["T001 First", "T002:back Second (`T002.txt`)", "T003 Third (depends on T001, T002)"];
const runOf = (rig: Rig): string => currentRun(rig) ?? "";
const worktree = (rig: Rig, name: string): string => join(rig.project, ".orchestrate/worktrees", runOf(rig), name);

const cases: readonly Case[] = [
  {
    name: "a stale index.lock and config.lock in the person's repository",
    before: (rig) => {
      writeFileSync(join(rig.project, ".git/index.lock"), "");
      writeFileSync(join(rig.project, ".git/config.lock"), "");
    },
    after: (rig) => {
      const stay =
        existsSync(join(rig.project, ".git/index.lock")) && existsSync(join(rig.project, ".git/config.lock"));
      return stay ? null : "a lock that is not ours was removed";
    },
    expected: (fault) => /leftover: \.git\/(?:index|config)\.lock/.test(fault),
  },
  {
    name: "stale locks in our own places",
    between: (rig) => {
      const own = join(rig.project, ".git/orchestrate", runOf(rig), "indexes");
      for (const name of existsSync(own) ? readdirSync(own) : []) writeFileSync(join(own, `${name}.lock`), "");
      for (const place of ["refs/orchestrate", "refs/heads/orchestrate"]) {
        const folder = join(rig.project, ".git", place, runOf(rig));
        mkdirSync(folder, { recursive: true });
        for (const name of ["integration", "merged"]) writeFileSync(join(folder, `${name}.lock`), "");
      }
    },
    // One of a tree that nobody uses again stays in our own directory.
    expected: (fault) => fault.startsWith("leftover: .git/orchestrate/"),
  },
  {
    name: "our own repository was deleted",
    between: (rig) => rmSync(join(rig.project, ".git/orchestrate"), { recursive: true, force: true }),
  },
  {
    name: "the worktrees were deleted",
    between: (rig) =>
      rmSync(join(rig.project, ".orchestrate/worktrees"), { recursive: true, force: true, maxRetries: 10 }),
  },
  {
    name: "a worktree was replaced by a link to another folder",
    between: (rig) => {
      rmSync(worktree(rig, "T001"), { recursive: true, force: true, maxRetries: 10 });
      mkdirSync(join(worktree(rig, "T001"), ".."), { recursive: true });
      mkdirSync(join(rig.root, "elsewhere"));
      symlinkSync(join(rig.root, "elsewhere"), worktree(rig, "T001"));
    },
  },
  {
    name: "the run's branch holds a person's work",
    between: (rig) => {
      git(rig.project, "update-ref", `refs/heads/orchestrate/${runOf(rig)}/integration`, personal(rig));
    },
    after: (rig) => {
      const tip = git(rig.project, "rev-parse", `refs/heads/orchestrate/${runOf(rig)}/integration`).trim();
      return tip === personal(rig) ? null : "a branch with a person's work was moved";
    },
    // What is merged is under a ref of ours.
    expected: (fault) => /in the history|in the integration branch/.test(fault),
  },
  {
    name: "HEAD is detached",
    before: (rig) => void git(rig.project, "checkout", "-q", "--detach"),
    expected: (fault) => fault === "torn: HEAD moved",
    after: (rig) =>
      git(rig.project, "rev-parse", "--abbrev-ref", "HEAD").trim() === "HEAD" ? null : "HEAD is attached",
  },
  {
    name: "the checkout has changes, staged and not, and files that git does not know",
    before: (rig) => {
      appendFileSync(join(rig.project, "shared.txt"), "mine\n");
      writeFileSync(join(rig.project, "staged.txt"), "mine\n");
      git(rig.project, "add", "staged.txt");
      writeFileSync(join(rig.project, "new.txt"), "mine\n");
    },
    expected: (fault) => fault.startsWith("torn: the checkout has"),
    after: (rig) => {
      const status = git(rig.project, "status", "--porcelain");
      return status === " M shared.txt\nA  staged.txt\n M tasks.md\n?? new.txt\n" ? null : `the checkout has ${status}`;
    },
  },
  {
    name: "the repository has a submodule",
    before: (rig) => {
      const other = join(rig.root, "other");
      mkdirSync(other);
      git(other, "init", "-q", "-b", "main");
      writeFileSync(join(other, "file.txt"), "other\n");
      git(other, "add", "-A");
      git(other, "commit", "-q", "-m", "other");
      git(rig.project, "-c", "protocol.file.allow=always", "submodule", "add", "-q", other, "sub");
      git(rig.project, "commit", "-q", "-m", "submodule");
    },
    expected: (fault) => fault === "torn: HEAD moved",
    after: (rig) =>
      readFileSync(join(rig.project, "sub/file.txt"), "utf8") === "other\n" ? null : "the submodule changed",
  },
  {
    name: "a task was added to the list, and its title changed, while nobody supervised",
    between: (rig) => {
      const path = join(rig.project, "tasks.md");
      const text = readFileSync(path, "utf8").replace("Third", "The third");
      writeFileSync(path, `${text}- [ ] T004 [P] Fourth\n`);
    },
    expected: (fault) => fault.startsWith("torn: the list reads"),
    after: (rig) => {
      const text = readFileSync(join(rig.project, "tasks.md"), "utf8");
      const merged = eventsOf(rig).some((event) => event.type === "merged" && event.task === "T004");
      if (!merged) return "the new task was not done";
      return (text.match(/\[x\]/g) ?? []).length === 4 && text.includes("The third") ? null : `the list reads ${text}`;
    },
  },
  {
    name: "a task was taken out of the list while nobody supervised",
    between: (rig) => {
      const path = join(rig.project, "tasks.md");
      writeFileSync(path, readFileSync(path, "utf8").replace(/.*T003.*\n/, ""));
    },
    expected: (fault) => /T003|the list reads/.test(fault),
    after: (rig) => {
      const launched = eventsOf(rig).some((event) => event.type === "dispatched" && event.task === "T003");
      return launched ? "the task that is gone was launched" : null;
    },
  },
  {
    name: "the list was renamed while nobody supervised",
    between: (rig) => renameSync(join(rig.project, "tasks.md"), join(rig.project, "todo.md")),
    expected: (fault) => /the checkout has|the list reads|ENOENT.*tasks\.md/.test(fault),
    after: (rig) =>
      readFileSync(join(rig.project, "todo.md"), "utf8").includes("T003") ? null : "the renamed list was changed",
  },
];

function personal(rig: Rig): string {
  const env = { ...process.env, GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z", GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z" };
  const who = ["-c", "user.name=P", "-c", "user.email=p@q.r"];
  const args = [...who, "commit-tree", `${rig.base}^{tree}`, "-p", rig.base, "-m", "mine"];
  return execFileSync("git", args, { cwd: rig.project, env, encoding: "utf8" }).trim();
}

export const stateNames: readonly string[] = cases.map(({ name }) => name);

/** Runs one case: the supervisor is killed once its first worker is there (where the case has something in between), and resumed. */
export async function tryState(cli: string, name: string): Promise<readonly string[]> {
  const one = cases.find((each) => each.name === name);
  if (one === undefined) return [`no case ${name}`];
  const rig = makeRig(cli, one.list ?? chain);
  one.before?.(rig);
  const faults: string[] = [];
  if (one.between !== undefined) {
    const helper = start(rig, ["run", "tasks.md"]);
    await until(
      "a verified task",
      () => currentRun(rig) !== null && eventsOf(rig).some(({ type }) => type === "ended"),
    );
    helper.child.kill("SIGKILL");
    await helper.left;
    one.between(rig);
  }
  let ended: Ended = { code: null, signal: null, out: "" };
  for (let tries = 0; tries < 3; tries += 1) {
    ended = await run(rig, currentRun(rig) === null ? ["run", "tasks.md"] : ["resume"]);
    if (currentRun(rig) !== null && eventsOf(rig).some(({ type }) => type === "finished")) break;
  }
  if (/^\s+at .*:\d+:\d+\)?$|Internal error/m.test(ended.out)) faults.push(`error: ${ended.out}`);
  const base = git(rig.project, "rev-parse", "HEAD").trim();
  faults.push(...faultsOf({ ...rig, base: one.before === undefined ? rig.base : base }));
  const left = faults.filter((fault) => one.expected?.(fault) !== true);
  const wrong = one.after?.(rig, ended) ?? null;
  if (wrong !== null) left.push(wrong);
  if (left.length > 0) left.push(`${ended.out}\nkept in ${rig.root}`);
  else dropRig(rig);
  return left;
}

/** A second supervisor is refused and told who has the run; one on another machine is never replaced. */
export async function secondSupervisor(cli: string): Promise<readonly string[]> {
  const rig = makeRig(cli, ["T001:chat First", "T002 Second"]);
  const faults: string[] = [];
  const first = start(rig, ["run", "tasks.md"]);
  await until("a worker", () => readFileSync(rig.witness, "utf8").includes("start"));
  const second = await run(rig, ["supervise", runOf(rig)]);
  const pid = String(first.child.pid);
  if (second.code !== 1 || !second.out.includes(pid) || !second.out.includes(hostname()))
    faults.push(`a second supervisor was not refused: ${second.out}`);
  const resumed = await run(rig, ["resume"]);
  if (!resumed.out.includes(pid)) faults.push(`a resume beside it does not say who has it: ${resumed.out}`);
  writeFileSync(`${rig.witness}.awake`, "");
  await first.left;
  faults.push(...faultsOf(rig));
  dropRig(rig);

  const away = makeRig(cli, ["T001 First"]);
  const killed = start(away, ["run", "tasks.md"]);
  const held = await until("a supervisor", () =>
    currentRun(away) === null ? null : (eventsOf(away).find((event) => event.type === "supervised") ?? null),
  );
  killed.child.kill("SIGKILL");
  await killed.left;
  if (held.type === "supervised")
    append(journalOf(away), [{ ...held, host: "elsewhere", token: "0123456789abcdef01234567", after: held.token }]);
  const before = eventsOf(away).length;
  const refused = await run(away, ["supervise", runOf(away)]);
  if (refused.code !== 1 || !refused.out.includes("elsewhere"))
    faults.push(`another machine's run was taken: ${refused.out}`);
  if (eventsOf(away).length !== before) faults.push("something was written into another machine's run");
  dropRig(away);
  return faults;
}

/** The disk is full while git makes a worktree. Null where no small file system may be mounted, else what is wrong. */
export async function fullDisk(cli: string): Promise<readonly string[] | null> {
  const rig = makeRig(cli, chain);
  const small = join(rig.project, ".orchestrate");
  mkdirSync(small);
  try {
    shell(`mount -t tmpfs -o size=40k tmpfs '${small}'`);
  } catch {
    dropRig(rig);
    return null;
  }
  const faults: string[] = [];
  try {
    const first = await run(rig, ["run", "tasks.md"]);
    if (first.code === 0) faults.push("everything was done on a disk that was too small");
    if (/^\s+at .*:\d+:\d+\)?$|Internal error/m.test(first.out)) faults.push(`error: ${first.out}`);
    shell(`mount -o remount,size=64m '${small}'`);
    for (let tries = 0; tries < 4; tries += 1) {
      const again = await run(rig, currentRun(rig) === null ? ["run", "tasks.md"] : ["resume"]);
      if (again.code === 0) break;
      await run(rig, ["retry"]);
      if (tries === 3) faults.push(`error: ${first.out}\n${again.out}`);
    }
    faults.push(...faultsOf(rig).filter((fault) => !fault.includes('"type":"failed"')));
  } finally {
    shell(`umount -l '${small}'`);
  }
  dropRig(rig);
  return faults;
}

function shell(command: string): void {
  execFileSync("sh", ["-c", command], { stdio: "ignore" });
}
