import { describe, expect, test } from "vitest";
import { doctor } from "../../src/model/doctor.ts";
import { judge, showDoctor, type Facts } from "../../src/show/doctor.ts";
import { hostile, obeyed } from "../commands/headlessRun.ts";

const gigabyte = 1024 ** 3;

/** A machine on which nothing is amiss. */
const sound: Facts = {
  node: "20.19.0",
  repositoryProblem: null,
  git: "git version 2.45.1",
  uncommitted: 0,
  workerCommand: null,
  workerProblem: null,
  claude: { version: "2.1.330 (Claude Code)", login: { state: "in", by: "claude.ai" } },
  gh: { version: "gh version 2.60.0", loggedIn: true },
  github: null,
  configProblem: null,
  maxWorkers: 5,
  diskFree: 80 * gigabyte,
  treeSize: 0.4 * gigabyte,
  memory: 16 * gigabyte,
  processors: 8,
  fileSystem: null,
  leftovers: [],
};

const access = { where: "octo/shop on github.com", problem: null, scopes: ["repo"], left: 4999, limit: 5000 };

test("a project that is not on GitHub, and a token that states no scopes, are no trouble", () => {
  expect(judge({ ...sound, github: null }).findings.map(({ name }) => name)).not.toContain("github");
  const found = judge({ ...sound, github: { ...access, scopes: null } }).findings.find(({ name }) => name === "github");
  expect(found?.level).toBe("fine");
});

test("a machine on which nothing is amiss is fine in every line", () => {
  const found = judge(sound);
  expect(found.findings.filter(({ level }) => level !== "fine")).toEqual([]);
  expect(found).toMatchObject({ ok: true, workers: { wanted: 5, bearable: 8 } });
  expect(() => doctor().strict().parse(found)).not.toThrow();
  expect(showDoctor(found, { width: 80, colour: false })).toMatch(/✓ workers +this machine bears 8 at once/);
});

describe("what is needed and missing makes it no", () => {
  test.each([
    ["git", { git: null }, "install git 2.38"],
    ["repository", { repositoryProblem: "it has no commit yet" }, "headless workers need it"],
    ["claude", { claude: null }, "install Claude Code"],
    ["login", { claude: { version: "2", login: { state: "out" } } }, "ANTHROPIC_API_KEY"],
    ["options", { configProblem: "maxWorkers is 0" }, ".orchestrate.yml"],
    ["disk", { diskFree: 100 }, "free"],
    ["file system", { fileSystem: { name: "NFS", remote: true } }, "local disk"],
  ] satisfies [string, Partial<Facts>, string][])("%s", (name, facts, fix) => {
    const found = judge({ ...sound, ...facts });
    expect(found.ok).toBe(false);
    expect(found.findings.find((each) => each.name === name)).toMatchObject({
      level: "missing",
      fix: expect.stringContaining(fix) as string,
    });
    expect(showDoctor(found, { width: 80, colour: false })).toContain(`cannot start here yet: ${name}.`);
  });
});

describe("what is less than recommended is said, and stops nothing", () => {
  test.each([
    ["repository", { uncommitted: 3 }, "commit"],
    ["login", { claude: { version: "1", login: { state: "unknown" } } }, "update"],
    ["gh", { gh: null }, "issues"],
    ["gh", { gh: { version: "gh", loggedIn: false } }, "gh auth login"],
    ["github", { github: { ...access, problem: { found: "refused", fix: "log in again" } } }, "log in again"],
    ["github", { github: { ...access, scopes: ["gist"] } }, "gh auth refresh -s repo"],
    ["github", { github: { ...access, left: 12 } }, "wait for the next hour"],
    ["disk", { diskFree: 4 * gigabyte }, "5.0 GB are recommended"],
    ["disk", { diskFree: 1 * gigabyte }, "lower `maxWorkers`"],
    ["memory", { memory: 1 * gigabyte }, "adaptive"],
    ["processors", { processors: 2 }, "`maxWorkers` is 5"],
    ["file system", { fileSystem: { name: "9p", remote: false } }, "local disk"],
    ["leftovers", { leftovers: ["rabcde"] }, "clean"],
  ] satisfies [string, Partial<Facts>, string][])("%s (%j)", (name, facts, fix) => {
    const found = judge({ ...sound, ...facts });
    expect(found.ok).toBe(true);
    expect(found.findings.find((each) => each.name === name)).toMatchObject({
      level: "warning",
      fix: expect.stringContaining(fix) as string,
    });
  });
});

test("how many workers a machine bears is the least of processors, memory and disk", () => {
  const bears = (facts: Partial<Facts>): number => judge({ ...sound, ...facts }).workers.bearable;
  expect(bears({ processors: 3 })).toBe(3);
  expect(bears({ memory: 1.1 * gigabyte })).toBe(2);
  expect(bears({ diskFree: 2 * gigabyte })).toBe(4);
  expect(bears({ memory: 100 })).toBe(0);
  expect(bears({ processors: 128, memory: 900 * gigabyte, diskFree: 900 * gigabyte })).toBe(20);
});

test("with a worker of one's own, the client is not asked for", () => {
  const found = judge({ ...sound, workerCommand: "my-worker --fast", claude: null });
  expect(found.ok).toBe(true);
  expect(found.findings.find(({ name }) => name === "claude")?.found).toContain("my-worker --fast");
});

test("no words of a program or a folder reach the terminal unescaped", () => {
  const facts = { ...sound, git: hostile, workerCommand: hostile, configProblem: hostile, leftovers: [hostile] };
  const shown = showDoctor(judge(facts), { width: 60, colour: false });
  expect(shown).not.toMatch(obeyed);
  expect(shown).not.toMatch(/^second line/m);
});
