import { expect, test } from "vitest";
import { workerEnvironment } from "../../../../src/engines/headless/keeper/environment.ts";
import { leaseOf } from "../../../../src/engines/headless/keeper/lease.ts";

const names = { allow: [] as string[], claim: "claim-1", run: "r1", task: "T1", lease: leaseOf(1, "/run/T1/1") };
const given = {
  ORCHESTRATE_TOKEN: "claim-1",
  ORCHESTRATE_RUN: "r1",
  ORCHESTRATE_TASK: "T1",
  ORCHESTRATE_PORT_BASE: "42010",
  ORCHESTRATE_CACHE: "/run/T1/1/cache",
  PORT: "42010",
  TMPDIR: "/run/T1/1/tmp",
  TMP: "/run/T1/1/tmp",
  TEMP: "/run/T1/1/tmp",
};

test("a worker sees what is on the list, and who it is", () => {
  const kept = {
    PATH: "/bin",
    HOME: "/h",
    LC_ALL: "C",
    XDG_CONFIG_HOME: "/x",
    https_proxy: "p",
    ANTHROPIC_API_KEY: "k",
  };
  const more = { CLAUDE_CODE_MAX_OUTPUT_TOKENS: "1", CLAUDE_CODE_OAUTH_TOKEN: "o", CLAUDE_CONFIG_DIR: "/c" };
  expect(workerEnvironment({ ...kept, ...more, TMPDIR: "/tmp" }, names)).toEqual({ ...kept, ...more, ...given });
});

test("a worker sees nothing else: no secret of the person's, nothing of the client that started us", () => {
  const parent = {
    CLAUDECODE: "1",
    CLAUDE_PID: "1",
    CLAUDE_PROJECT_DIR: "/p",
    CLAUDE_PLUGIN_ROOT: "/p",
    CLAUDE_EFFORT: "high",
    CLAUDE_CODE_SESSION_ID: "s",
    CLAUDE_CODE_SESSION_ATTENDED: "1",
    CLAUDE_CODE_CHILD_SESSION: "1",
    CLAUDE_CODE_ENTRYPOINT: "cli",
    CLAUDE_CODE_MESSAGING_SOCKET: "/s",
    CLAUDE_CODE_MESSAGING_TOKEN: "t",
  };
  const person = {
    GITHUB_TOKEN: "t",
    SSH_AUTH_SOCK: "/s",
    AWS_SECRET_ACCESS_KEY: "k",
    NODE_OPTIONS: "--x",
    LD_PRELOAD: "x",
  };
  expect(workerEnvironment({ ...parent, ...person }, names)).toEqual(given);
});

test("the person's own list adds names, but cannot take away who the worker is", () => {
  const env = { GITHUB_TOKEN: "t", PORT: "80", ORCHESTRATE_TOKEN: "another" };
  expect(workerEnvironment(env, { ...names, allow: Object.keys(env) })).toEqual({ GITHUB_TOKEN: "t", ...given });
});

test("a value with a line break is left out", () => {
  expect(workerEnvironment({ LANG: "C\nX=1", HOME: "/h" }, names)).toEqual({ HOME: "/h", ...given });
});

test("cloud credentials come only with that cloud", () => {
  const env = { AWS_REGION: "r", GOOGLE_APPLICATION_CREDENTIALS: "g" };
  expect(workerEnvironment(env, names)).toEqual(given);
  expect(workerEnvironment({ ...env, CLAUDE_CODE_USE_BEDROCK: "0" }, names)).not.toHaveProperty("AWS_REGION");
  const aws = workerEnvironment({ ...env, CLAUDE_CODE_USE_BEDROCK: "1" }, names);
  expect([aws["AWS_REGION"], aws["GOOGLE_APPLICATION_CREDENTIALS"]]).toEqual(["r", undefined]);
  expect(workerEnvironment({ ...env, CLAUDE_CODE_USE_VERTEX: "1" }, names)).toHaveProperty(
    "GOOGLE_APPLICATION_CREDENTIALS",
  );
});
