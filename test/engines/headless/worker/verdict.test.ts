import { describe, expect, test } from "vitest";
import { readEvent, type Result } from "../../../../src/engines/headless/keeper/protocol.ts";
import { type Evidence, judgeEnd } from "../../../../src/engines/headless/keeper/verdict.ts";

const silent: Evidence = {
  ending: { by: "exit" },
  code: 1,
  signal: null,
  result: null,
  retry: null,
  resetsAt: null,
  refused: false,
  words: "",
  now: Date.UTC(2026, 10, 21, 14, 34, 40),
  limits: { firstEvent: 30, idle: 60, total: 3_600 },
  logProblem: null,
};

function result(line: object): Result {
  const event = readEvent(JSON.stringify({ type: "result", ...line }));
  if (event?.type !== "result") throw new Error("no result line");
  return event;
}
const failed = (line: object): Evidence => ({
  ...silent,
  result: result({ subtype: "success", is_error: true, ...line }),
});

// Each as the real client prints it.
test.each([
  ["a spent budget", { subtype: "error_max_budget_usd" }, "budget"],
  ["spent turns", { subtype: "error_max_turns" }, "turns"],
  ["429", { api_error_status: 429, result: "API Error: Request rejected (429) · slow down" }, "rate-limit"],
  ["overload", { api_error_status: 529, result: "API Error: 529 Overloaded." }, "rate-limit"],
  ["a session limit", { api_error: "usage_limit_reached", result: "You've hit your 5-hour limit" }, "rate-limit"],
  ["a bad key", { api_error_status: 401, result: "Invalid API key · Fix external API key" }, "permission"],
  ["no login", { result: "Not logged in · Please run /login" }, "permission"],
  ["no credit", { api_error_status: 400, result: "Credit balance is too low" }, "permission"],
  ["no such session", { subtype: "error_during_execution", errors: ["No conversation found"] }, "crash"],
  ["a server error that mentions a limit", { api_error_status: 500, result: "API Error: 500 near 429" }, "crash"],
])("a result that says %s", (_, line, outcome) => {
  expect(judgeEnd(failed(line)).outcome).toBe(outcome);
});

test("an older client's notice of a limit is no success, and says how long to wait", () => {
  const verdict = judgeEnd({ ...silent, result: result({ result: "Claude AI usage limit reached|1795275280" }) });
  expect(verdict).toMatchObject({ outcome: "rate-limit", waitSeconds: 1795275280 - silent.now / 1_000 });
});

test("the reset that the service named counts before the words", () => {
  const verdict = judgeEnd({
    ...failed({ api_error_status: 429, result: "resets 3pm (UTC)" }),
    resetsAt: silent.now / 1_000 + 77,
  });
  expect(verdict.waitSeconds).toBe(77);
});

test("denied tools do not turn a success into anything else", () => {
  const line = { subtype: "success", result: "Done.", permission_denials: [{ tool_name: "Bash" }] };
  expect(judgeEnd({ ...silent, result: result(line) }).outcome).toBe("finished");
});

test.each([
  [{ status: "DONE" }, "report.summary"],
  [{ status: "FINE", summary: "x" }, "report.status"],
  [{ status: "DONE", summary: "x", files: "a" }, "report.files"],
  [{ status: "DONE", summary: "x", outside: [{ path: "a" }] }, "report.outside.0.reason"],
  ["DONE", "report"],
])("a malformed report %j is a crash that names the field %s", (report, field) => {
  const verdict = judgeEnd({ ...silent, result: result({ report }) });
  expect(verdict.outcome).toBe("crash");
  expect(verdict.reason).toContain(`malformed \`${field}\``);
});

test("a report may leave out its files", () => {
  const verdict = judgeEnd({ ...silent, result: result({ report: { status: "BLOCKED", summary: "no key" } }) });
  expect(verdict.report).toEqual({ status: "BLOCKED", summary: "no key", files: [], outside: [] });
});

test("a client that refuses to begin needs a person; the same words in the middle of much else prove nothing", () => {
  const words = "--dangerously-skip-permissions cannot be used with root/sudo privileges for security reasons\n";
  expect(judgeEnd({ ...silent, words }).outcome).toBe("permission");
  expect(judgeEnd({ ...silent, words: `${"test output\n".repeat(100)}${words}` }).outcome).toBe("crash");
  expect(judgeEnd({ ...silent, words: "Invalid API key · Please run /login" }).outcome).toBe("permission");
});

test("a worker that ran out of time while its client waited for the service was not stuck", () => {
  const retry = { type: "retry", error: "rate_limit", status: 429, seconds: 16.5 } as const;
  expect(judgeEnd({ ...silent, ending: { by: "stuck" }, retry })).toMatchObject({
    outcome: "rate-limit",
    waitSeconds: 17,
  });
  const server = { ...retry, error: "server_error", status: 500 };
  expect(judgeEnd({ ...silent, ending: { by: "timeout" }, retry: server }).outcome).toBe("timeout");
});

test("what came before the keeper was told to stop counts", () => {
  expect(judgeEnd({ ...silent, ending: { by: "stopped" } }).outcome).toBe("stopped");
  expect(judgeEnd({ ...silent, ending: { by: "stopped" }, result: result({ result: "x" }) }).outcome).toBe("finished");
});

describe("a limit that the client marks in a field of its own", () => {
  const quiet = { result: "API Error", is_error: true };
  test.each([
    ["a refused request, then an error in other words", { ...failed(quiet), refused: true }, 0],
    ["with the time until when", { ...failed(quiet), refused: true, resetsAt: silent.now / 1_000 + 300 }, 300],
    ["a subtype of the result", failed({ subtype: "error_rate_limit", result: "" }), 0],
    [
      "an exit while it waited to ask again",
      { ...silent, retry: { type: "retry", error: "rate_limit", status: 429, seconds: 8 } as const },
      8,
    ],
    [
      "an exit while the service was overloaded",
      { ...silent, retry: { type: "retry", error: "overloaded", status: 529, seconds: 4 } as const },
      4,
    ],
    ["an exit without a word after a refusal", { ...silent, refused: true, resetsAt: silent.now / 1_000 + 60 }, 60],
  ])("%s", (_, evidence, waitSeconds) => {
    expect(judgeEnd(evidence)).toMatchObject({ outcome: "rate-limit", waitSeconds });
  });

  test("a reset that is over says nothing: the words count", () => {
    const verdict = judgeEnd({
      ...failed({ api_error_status: 429, result: "try again in 1h30m" }),
      resetsAt: silent.now / 1_000 - 100,
    });
    expect(verdict.waitSeconds).toBe(5_400);
  });

  test("an error of another status is none, whatever was refused before", () => {
    expect(judgeEnd({ ...failed({ api_error_status: 500, result: "API Error: 500" }), refused: true }).outcome).toBe(
      "crash",
    );
  });
});
