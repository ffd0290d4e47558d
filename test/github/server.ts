import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { answer } from "../../src/commands/commandLine.ts";
import type { Answer, World } from "../../src/commands/command.ts";
import { makeWorld } from "../commands/world.ts";
import { answerFault, exampleIssue, requestFault } from "./schema.ts";

/** An issue on the server. What is left out is as in GitHub's documentation. */
export interface FakeIssue {
  /** `octo/shop#12`. */
  readonly at: string;
  readonly title?: string;
  readonly body?: string | null;
  readonly state?: "open" | "closed";
  readonly reason?: "completed" | "not_planned" | "duplicate";
  readonly author?: string;
  readonly association?: string;
  /** May be larger than any number that JavaScript holds. */
  readonly id?: string;
  readonly subIssues?: readonly string[];
  readonly blockedBy?: readonly string[];
  readonly pullRequest?: boolean;
  /** Where it was transferred to. */
  readonly movedTo?: string;
}

/** An answer that is given in place of the server's own. */
interface Special {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GitHub {
  /** Environment in which the real `gh` is logged in to this server and to nothing else. */
  readonly env: NodeJS.ProcessEnv;
  /** `GET /repos/octo/shop/issues/12`, in the order in which they came. */
  readonly requests: string[];
  /** Changes issues, or adds some. */
  readonly put: (...issues: readonly FakeIssue[]) => void;
  /** Gives these answers to a path, one after another, and then the usual ones. */
  readonly next: (path: string, ...answers: readonly Special[]) => void;
  /** Stops listening: from then on there is no network. */
  readonly close: () => Promise<void>;
}

const token = "ghp_fakeTokenForTheTestsOnly000000000000";

/**
 * A GitHub that the real `gh` talks to over a Unix socket. Each request and each answer is checked against GitHub's own
 * description; a test fails when one does not agree with it.
 */
export async function makeGitHub(...issues: readonly FakeIssue[]): Promise<GitHub> {
  const folder = mkdtempSync("/tmp/orchestrate-gh-");
  const socket = join(folder, "s");
  const known = new Map<string, FakeIssue>();
  const special = new Map<string, Special[]>();
  const requests: string[] = [];
  const faults: string[] = [];
  const put = (...more: readonly FakeIssue[]): void => {
    for (const issue of more) known.set(issue.at.toLowerCase(), issue);
  };
  put(...issues);
  mkdirSync(join(folder, "gh"));
  writeFileSync(join(folder, "gh/config.yml"), `http_unix_socket: ${socket}\nprompt: disabled\n`);
  writeFileSync(
    join(folder, "gh/hosts.yml"),
    ["github.com", "ghe.example.com"].map((host) => `${host}:\n    user: tester\n    oauth_token: ${token}\n`).join(""),
  );
  const server = createServer((request, response) => {
    const { path, method, url } = parse(request);
    requests.push(`${method} ${url.pathname}${url.search}`);
    if (request.headers.authorization !== `token ${token}`) faults.push(`${path}: no token`);
    if (request.headers.accept !== "application/vnd.github+json") faults.push(`${path}: ${request.headers.accept}`);
    const wrong = path.startsWith("/repositories/")
      ? null
      : requestFault(method, new URL(`http://x${path}${url.search}`));
    if (wrong !== null) faults.push(wrong);
    const planned = special.get(path)?.shift();
    const own = planned ?? usual(known, path, url);
    const big = typeof own.body === "string" ? own.body : JSON.stringify(own.body).replaceAll(/"big:(\d+)"/g, "$1");
    const plain: unknown =
      typeof own.body === "string" ? null : JSON.parse(JSON.stringify(own.body).replaceAll(/"big:\d+"/g, "1"));
    const template = path.replace(/^\/repositories\/[^/]+\/[^/]+/, "/repos/x/x");
    const off = plain === null ? null : answerFault(method, template, own.status, plain);
    if (off !== null) faults.push(off);
    send(response, own.status, big, { "content-type": "application/json; charset=utf-8", ...own.headers });
  });
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  onTestFinished(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
    expect(faults).toEqual([]);
  });
  return {
    env: { PATH: process.env["PATH"], HOME: folder, GH_CONFIG_DIR: join(folder, "gh") },
    requests,
    put,
    next: (path, ...answers) => void special.set(path, [...(special.get(path) ?? []), ...answers]),
    close,
  };
}

function parse(request: IncomingMessage): { path: string; method: string; url: URL } {
  const url = new URL(request.url ?? "/", "http://x");
  return { path: url.pathname.replace(/^\/api\/v3/, ""), method: request.method ?? "", url };
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string>): void {
  response.writeHead(status, headers);
  response.end(body);
}

const missing: Special = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest" },
};

function usual(known: ReadonlyMap<string, FakeIssue>, path: string, url: URL): Special {
  if (path === "/rate_limit")
    return { status: 200, body: rateLimit(), headers: { "x-oauth-scopes": "repo, read:org" } };
  const [, repository = "", number = "", list] =
    /^\/repos(?:itories)?\/([^/]+\/[^/]+)\/issues\/(\d+)(?:\/(sub_issues|dependencies\/blocked_by))?$/.exec(path) ?? [];
  const issue = known.get(`${repository}#${number}`.toLowerCase());
  if (issue === undefined) return missing;
  if (issue.movedTo !== undefined) {
    const [to = "", at = ""] = issue.movedTo.split("#");
    const location = `https://api.github.com/repositories/${to}/issues/${at}`;
    return { status: 301, body: { message: "Moved Permanently", url: location }, headers: { location } };
  }
  if (list === undefined) return { status: 200, body: shown(issue, known) };
  const all = (list === "sub_issues" ? issue.subIssues : issue.blockedBy) ?? [];
  const size = Number(url.searchParams.get("per_page") ?? 30);
  const page = Number(url.searchParams.get("page") ?? 1);
  const items = all.slice((page - 1) * size, page * size).flatMap((at) => known.get(at.toLowerCase()) ?? []);
  const more = all.length > page * size;
  const next = `<https://api.github.com${path}?per_page=${size}&page=${page + 1}>; rel="next", <https://api.github.com/x>; rel="last"`;
  return { status: 200, body: items.map((item) => shown(item, known)), headers: more ? { link: next } : {} };
}

function shown(issue: FakeIssue, known: ReadonlyMap<string, FakeIssue>): object {
  const [repository = "", number = ""] = issue.at.split("#");
  const blockers = issue.blockedBy ?? [];
  const isOpen = (at: string): boolean => known.get(at.toLowerCase())?.state !== "closed";
  const parts = issue.subIssues ?? [];
  const done = parts.filter((at) => !isOpen(at)).length;
  const user = { ...(exampleIssue["user"] as object), login: issue.author ?? "octocat" };
  const { pull_request: pullRequest, ...rest } = exampleIssue;
  return {
    ...rest,
    id: `big:${issue.id ?? number}`,
    url: `https://api.github.com/repos/${repository}/issues/${number}`,
    repository_url: `https://api.github.com/repos/${repository}`,
    html_url: `https://github.com/${repository}/issues/${number}`,
    number: Number(number),
    title: issue.title ?? `Issue ${number}`,
    body: issue.body === undefined ? "" : issue.body,
    state: issue.state ?? "open",
    state_reason: issue.state === "closed" ? (issue.reason ?? "completed") : null,
    user,
    author_association: issue.association ?? "MEMBER",
    ...(issue.pullRequest === true ? { pull_request: pullRequest } : {}),
    sub_issues_summary: {
      total: parts.length,
      completed: done,
      percent_completed: parts.length === 0 ? 0 : Math.floor((100 * done) / parts.length),
    },
    issue_dependencies_summary: {
      blocked_by: blockers.filter(isOpen).length,
      blocking: 0,
      total_blocked_by: blockers.length,
      total_blocking: 0,
    },
  };
}

function rateLimit(): object {
  const one = { limit: 5000, used: 1, remaining: 4999, reset: 1_767_225_600 };
  return { resources: { core: one, search: { ...one, limit: 30, remaining: 18 } }, rate: one };
}

/** Answers a command line in a folder, with this GitHub at hand. */
export function askIn(
  folder: string,
  github: GitHub,
  line: readonly string[],
  over: Partial<World> = {},
): Promise<Answer> {
  return answer(line, makeWorld({ cwd: folder, env: github.env, ...over }));
}
