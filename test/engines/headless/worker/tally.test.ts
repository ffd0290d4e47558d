import { expect, test } from "vitest";
import { readEvent } from "../../../../src/engines/headless/keeper/protocol.ts";
import { count, emptyTally, type Tally } from "../../../../src/engines/headless/keeper/tally.ts";

function tallyOf(...lines: readonly object[]): Tally {
  const tally = emptyTally();
  for (const line of lines) {
    const event = readEvent(JSON.stringify(line));
    if (event !== null) count(tally, event);
  }
  return tally;
}
const said = (id: string, tokens: number, ...content: object[]): object => ({
  type: "assistant",
  message: { id, usage: { input_tokens: tokens, output_tokens: 1, cache_read_input_tokens: 5_000 }, content },
});
const edit = { type: "tool_use", id: "c1", name: "Edit", input: { file_path: "a" } };

test("a message that comes in parts is one turn, and its tokens count once", () => {
  const tally = tallyOf(said("m1", 10), said("m1", 10, edit), said("m2", 20));
  expect([tally.turns, tally.tokens, tally.toolCalls]).toEqual([2, 32, 1]);
});

test("the totals of a result take the place of our own count", () => {
  const tally = tallyOf(said("m1", 10), { type: "result", modelUsage: { m: { inputTokens: 100 } }, total_cost_usd: 2 });
  expect([tally.tokens, tally.dollars]).toEqual([100, 2]);
});

test("what the client says in the model's place is no turn", () => {
  expect(tallyOf({ ...said("m1", 1), is_api_error_message: true }).turns).toBe(0);
});

test("a limit that is only near, or that is paid beyond, sets no reset", () => {
  const info = { status: "allowed_warning", resetsAt: 5 };
  expect(tallyOf({ type: "rate_limit_event", rate_limit_info: info }).resetsAt).toBeNull();
  const paid = { status: "rejected", resetsAt: 5, isUsingOverage: true };
  expect(tallyOf({ type: "rate_limit_event", rate_limit_info: paid }).resetsAt).toBeNull();
});

test("a new turn takes the result back until it has one of its own", () => {
  const result = { type: "result", result: "First." };
  expect(tallyOf(result).result?.text).toBe("First.");
  expect(tallyOf(result, { type: "system", subtype: "init", session_id: "s" }).result).toBeNull();
  expect(tallyOf(result, said("m1", 1)).result).toBeNull();
});

test.each(["", "null", "[]", "{", '{"type":1}', '{"type":"unknown"}', ' {"type":"result"}', '{"a":{"type":"result"}}'])(
  "%j is no protocol",
  (line) => expect(readEvent(line)).toBeNull(),
);

test.each([
  { type: "assistant" },
  { type: "assistant", message: { content: [null, 5, { type: "tool_use" }, { type: "text" }] } },
  { type: "user", message: { content: "text" } },
  { type: "result", usage: null, modelUsage: [1], permission_denials: [null], errors: "x", total_cost_usd: -1 },
  { type: "rate_limit_event" },
  { type: "system" },
])("%j, of a form that no client has, is read without harm", (line) => {
  expect(() => tallyOf(line)).not.toThrow();
  expect(tallyOf(line).dollars).toBeNull();
});
