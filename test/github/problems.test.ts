import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { askIn, makeGitHub } from "./server.ts";
import { planOf, refusalOf, shop } from "./project.ts";

const issue = { at: "octo/shop#1", body: "- [ ] Write `a.md`\n- [ ] Write `b.md`\n" };
const path = "/repos/octo/shop/issues/1";
const said = (message: string): { message: string; documentation_url: string } => ({
  message,
  documentation_url: "https://docs.github.com/rest",
});
/** The moment at which the tests' commands run. */
const now = Date.parse("2026-01-01T00:00:00Z") / 1000;

describe("what GitHub refuses is said in plain words, with what to do", () => {
  test.each([
    [
      401,
      said("Bad credentials"),
      {},
      ["gh-login", "does not accept the token of `gh`: Bad credentials", "gh auth login --hostname github.com"],
    ],
    [
      403,
      said("Resource not accessible by personal access token"),
      {},
      ["github-forbidden", "Resource not accessible", "gh auth refresh -s repo"],
    ],
    [
      403,
      said("Resource protected by organization SAML enforcement."),
      { "x-github-sso": "required; url=https://github.com/orgs/x/sso" },
      ["github-forbidden", "single sign-on", "authorize the token"],
    ],
    [
      403,
      said("API rate limit exceeded for user ID 1."),
      { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now + 720) },
      ["github-rate-limit", "all the requests that your login has in an hour (5000)", "try again in 12 min"],
    ],
    [
      403,
      said("You have exceeded a secondary rate limit."),
      { "retry-after": "90" },
      ["github-rate-limit", "asks for a pause", "try again in 2 min"],
    ],
    [
      403,
      said("You have exceeded a secondary rate limit. Please wait a few minutes before you try again."),
      {},
      ["github-rate-limit", "asks for a pause", "try again in"],
    ],
    [
      429,
      said("Too many requests"),
      { "retry-after": "30" },
      ["github-rate-limit", "asks for a pause", "try again in 30 s"],
    ],
    [
      404,
      said("Not Found"),
      {},
      [
        "github-not-found",
        "octo/shop#1 does not exist on github.com, or your login may not see it",
        "check owner, repository and number",
      ],
    ],
    [
      410,
      said("This issue was deleted"),
      {},
      ["github-gone", "octo/shop#1 is gone: This issue was deleted", "name another issue"],
    ],
    [422, said("Validation Failed"), {}, ["github-refused", "Validation Failed", "check what was asked for"]],
    [301, said("Moved Permanently"), {}, ["github-moved", "octo/shop#1 was transferred", "new address"]],
  ] as const)("%i %o", async (status, body, headers, [rule, message, fix]) => {
    const github = await makeGitHub(issue);
    github.next(path, { status, body, headers });
    const err = await refusalOf(github, shop(), "1");
    expect(err).toContain(`[${rule}]`);
    expect(err).toContain(message);
    expect(err).toContain(fix);
    expect(err.split("\n")).toHaveLength(3);
  });
});

test("a server in trouble is asked once more, and then it is said", async () => {
  const trouble = { status: 502, body: said("Server Error") };
  const github = await makeGitHub(issue);
  github.next(path, trouble);
  expect((await planOf(github, shop(), "1")).tasks).toHaveLength(2);
  github.next(path, trouble, trouble);
  expect(await refusalOf(github, shop(), "1")).toContain("trouble at the moment (HTTP 502)");
  expect(github.requests).toHaveLength(4);
});

test("trouble in the middle of the reading ends it: no half of an issue is planned", async () => {
  const github = await makeGitHub(
    { at: "octo/shop#1", subIssues: ["octo/shop#2", "octo/shop#3"] },
    { at: "octo/shop#2", blockedBy: ["octo/shop#3"] },
    { at: "octo/shop#3" },
  );
  for (const list of [`${path}/sub_issues`, "/repos/octo/shop/issues/2/dependencies/blocked_by"]) {
    github.next(list, { status: 404, body: said("Not Found") });
    expect(await refusalOf(github, shop(), "1")).toContain("[github-not-found]");
  }
});

test("a proxy that answers in GitHub's place is found out", async () => {
  const github = await makeGitHub(issue);
  github.next(path, { status: 200, body: "<html>Log in to the proxy</html>" });
  expect(await refusalOf(github, shop(), "1")).toContain("[github-answer]");
  github.next(path, { status: 502, body: "<html>" }, { status: 502, body: "<html>" });
  expect(await refusalOf(github, shop(), "1")).toContain("[github-unavailable]");
});

test("a pull request is no issue", async () => {
  const github = await makeGitHub({ ...issue, pullRequest: true });
  expect(await refusalOf(github, shop(), "1")).toContain("octo/shop#1 is a pull request; name an issue, or a file");
});

test("without network", async () => {
  const github = await makeGitHub(issue);
  await github.close();
  const err = await refusalOf(github, shop(), "1");
  expect(err).toContain("[github-unreachable]");
  expect(err).not.toContain("ghp_");
});

test("without gh, and with gh but no login", async () => {
  const github = await makeGitHub(issue);
  const folder = shop();
  const none = await askIn(folder, { ...github, env: { ...github.env, PATH: "/nowhere" } }, ["plan", "octo/shop#1"]);
  expect(none.err).toContain("`gh`, which reads issues from GitHub, is not installed");
  expect(none.err).toContain("[gh-missing]");
  const empty = join(folder, "empty");
  mkdirSync(empty);
  const out = await askIn(folder, { ...github, env: { ...github.env, GH_CONFIG_DIR: empty } }, ["plan", "octo/shop#1"]);
  expect(out.err).toContain("`gh` is not logged in to github.com; run `gh auth login --hostname github.com`");
  expect(github.requests).toEqual([]);
});

test("a gh that never ends is ended, and says so; what it prints about tokens is not shown", async () => {
  const folder = shop();
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const token = "gho_abcdefghijklmnopqrstuvwxyz0123456789";
  writeFileSync(join(bin, "gh"), `#!/bin/sh\necho "dial failed with ${token} and $GH_TOKEN" >&2\nexit 1\n`, {
    mode: 0o755,
  });
  const env = { PATH: `${bin}:${process.env["PATH"]}`, GH_TOKEN: "plain-secret-of-mine" };
  const github = await makeGitHub();
  const { err } = await askIn(folder, { ...github, env }, ["plan", "octo/shop#1"]);
  expect(err).toContain("github.com cannot be reached about octo/shop#1: dial failed with ‹masked› and ‹masked›");
});

describe("which repository and which host", () => {
  test.each([
    ["https://github.com/octo/shop.git"],
    ["https://github.com/octo/shop"],
    ["ssh://git@ssh.github.com:443/octo/shop.git"],
    ["git@github.com:octo/shop.git"],
  ])("a bare number is an issue of %s", async (remote) => {
    const github = await makeGitHub(issue);
    expect((await planOf(github, shop({}, remote), "1")).source).toEqual(["octo/shop#1"]);
  });

  test("a bare number without a remote names what is missing, and no request is made", async () => {
    const github = await makeGitHub(issue);
    expect(await refusalOf(github, shop({}, ""), "1")).toContain("[no-repository]");
    expect(await refusalOf(github, shop({}, "/srv/git/shop.git"), "1")).toContain("write `owner/repo#1`");
    expect(github.requests).toEqual([]);
  });

  test("GH_REPO, owner/repo#1 and links name it without a remote", async () => {
    const github = await makeGitHub(issue);
    const named = { ...github, env: { ...github.env, GH_REPO: "octo/shop" } };
    const folder = shop({}, "");
    for (const [source, at] of [
      ["1", named],
      ["octo/shop#1", github],
      ["https://github.com/octo/shop/issues/1#top", github],
    ] as const)
      expect((await planOf(at, folder, source)).source).toEqual(["octo/shop#1"]);
  });

  test("an Enterprise host that gh is logged in to is asked, and the issue keeps its host", async () => {
    const github = await makeGitHub(issue);
    const folder = shop({}, "git@ghe.example.com:octo/shop.git");
    const plan = await planOf(github, folder, "1");
    expect(plan.source).toEqual(["ghe.example.com/octo/shop#1"]);
    expect((await planOf(github, folder, "https://ghe.example.com/octo/shop/issues/1")).hash).toBe(plan.hash);
    expect(github.requests[0]).toBe("GET /api/v3/repos/octo/shop/issues/1");
  });

  test("a host that gh does not know is never asked: it would be sent the token of another", async () => {
    const github = await makeGitHub(issue);
    const env = { ...github.env, GH_ENTERPRISE_TOKEN: "enterprise-secret", GH_TOKEN: "plain-secret-of-mine" };
    for (const source of ["https://evil.example.org/octo/shop/issues/1", "evil.example.org/octo/shop#1"]) {
      const { err } = await askIn(shop(), { ...github, env }, ["plan", source]);
      expect(err).toContain("`gh` is not logged in to evil.example.org");
    }
    expect(github.requests).toEqual([]);
  });

  test("a file of that name comes first", async () => {
    const github = await makeGitHub(issue);
    const folder = shop({ "1": "- [ ] From the file\n", "octo/shop#1": "- [ ] From the other file\n" });
    expect((await planOf(github, folder, "1")).tasks[0]?.title).toBe("From the file");
    expect((await planOf(github, folder, "octo/shop#1")).tasks[0]?.title).toBe("From the other file");
    expect(github.requests).toEqual([]);
  });
});
