import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { askIn, makeGitHub, type FakeIssue, type GitHub } from "./server.ts";
import { shop } from "./project.ts";

const issues: readonly FakeIssue[] = [
  { at: "octo/shop#1234", title: "Cart", subIssues: ["octo/shop#1235", "octo/shop#1236"] },
  { at: "octo/shop#1235", title: "Model", body: "Create `model.ts`." },
  { at: "octo/shop#1236", title: "View", body: "Create `view.ts`." },
];

async function request(github: GitHub, folder: string, typed: string, ...more: string[]): Promise<string> {
  const { out, err } = await askIn(folder, github, ["request", "-", "--project", folder, "--session", "s1", ...more], {
    stdin: () => typed,
  });
  expect(err).toBe("");
  return out;
}

describe("typed after the slash command", () => {
  test.each(["1234", "#1234", "octo/shop#1234", "https://github.com/octo/shop/issues/1234"])(
    "%s previews the issue and names the command that starts it",
    async (typed) => {
      const out = await request(await makeGitHub(...issues), shop(), typed);
      expect(out).toContain("octo/shop#1234 (github-issue): 2 tasks");
      expect(out).toContain("start 'octo/shop#1234' --expect");
    },
  );

  test.each(["plan 1234", "1234 --dry-run", "dry-run octo/shop#1234"])("%s launches nothing", async (typed) => {
    const out = await request(await makeGitHub(...issues), shop(), typed, "--headless");
    expect(out).toContain("octo/shop#1234 (github-issue): 2 tasks");
    expect(out).toContain("It was a dry run");
  });

  test("start 1234 starts it, and later words are about its issue", async () => {
    const github = await makeGitHub(...issues);
    const folder = shop();
    expect(await request(github, folder, "start 1234")).toContain("is started: 2 tasks");
    expect(await request(github, folder, "tasks 1236 --dry-run")).toContain("octo/shop#1234 (github-issue): 1 task");
    expect(await request(github, folder, "plan 1235")).toContain("octo/shop#1234 (github-issue): 1 task");
    expect(await request(github, folder, "plan 99")).toContain("octo/shop#99 does not exist on github.com");
  });

  test("tasks 1236 of 1234 takes a part of it", async () => {
    const out = await request(await makeGitHub(...issues), shop(), "tasks 1236 of #1234");
    expect(out).toContain("octo/shop#1234 (github-issue): 1 task");
    expect(out).toContain("--tasks 1236");
  });

  test("--trust goes into the command that starts", async () => {
    const github = await makeGitHub(...issues, {
      ...issues[1],
      at: "octo/shop#1236",
      author: "eve",
      association: "NONE",
    });
    const out = await request(github, shop(), "1234 --trust eve");
    expect(out).toContain("--trust eve");
    expect(out).not.toContain("withheld");
  });

  test("a number that is a task of the list in force means that", async () => {
    const folder = shop({ "tasks.md": "- [ ] 1. Write `a.ts`\n- [ ] 2. Write `b.ts`\n" });
    const github = await makeGitHub(...issues);
    expect(await request(github, folder, "plan 2")).toContain("tasks.md (markdown): 1 task");
    expect(github.requests).toEqual([]);
    expect(await request(github, folder, "plan #1234")).toContain("octo/shop#1234 (github-issue): 2 tasks");
  });

  test("what cannot be read is said, and nothing is launched", async () => {
    const out = await request(await makeGitHub(), shop(), "start 77");
    expect(out).toContain("octo/shop#77 does not exist on github.com");
    expect(out).not.toContain("is started");
  });
});

describe("the other verbs", () => {
  test("explain and lint take an issue; lint changes none", async () => {
    const github = await makeGitHub(...issues);
    const folder = shop();
    const said = await askIn(folder, github, ["explain", "1234", "1235", "1236"]);
    expect(said.code).toBe(0);
    expect(said.out).toContain("1236");
    const linted = await askIn(folder, github, ["lint", "1234"]);
    expect(linted.err).toBe("");
    expect((await askIn(folder, github, ["lint", "1234", "--fix"])).err).toContain("leave `--fix` out");
  });

  test("an issue is planned by itself", async () => {
    const folder = shop({ "tasks.md": "- [ ] a\n" });
    const { err, code } = await askIn(folder, await makeGitHub(...issues), ["plan", "1234", "tasks.md"]);
    expect([code, err]).toMatchObject([2, expect.stringContaining("planned by itself")]);
  });

  test("run of the issue, and of a plan made of it, keeps the issue with the run", async () => {
    const github = await makeGitHub(...issues);
    const folder = shop({ "README.md": "x" });
    const git = (...line: string[]): void =>
      void execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...line], { cwd: folder });
    git("add", "README.md");
    git("commit", "-qm", "First");
    const cli = join(folder, ".git/nothing.mjs");
    writeFileSync(cli, "");
    const plan = await askIn(folder, github, ["plan", "1234", "--json", "--parallel"]);
    mkdirSync(join(folder, "plans"));
    writeFileSync(join(folder, "plans/cart.json"), plan.out);
    for (const source of ["1234", "plans/cart.json"]) {
      const { out } = await askIn(folder, github, ["run", source, "--detach"], { cli });
      const [, run = ""] = /Run (r\w+) is started: 2 tasks/.exec(out) ?? [];
      const kept = readFileSync(join(folder, ".orchestrate/runs", run, "issue.json"), "utf8");
      expect(JSON.parse(kept)).toMatchObject({ issues: [{ number: 1234 }, { number: 1235 }, { number: 1236 }] });
      expect(readFileSync(join(folder, ".orchestrate/runs", run, "events.jsonl"), "utf8")).toContain("octo/shop#1234");
      await askIn(folder, github, ["stop"], { cli });
    }
    expect(readdirSync(join(folder, ".orchestrate/runs"))).toHaveLength(2);
  });
});
