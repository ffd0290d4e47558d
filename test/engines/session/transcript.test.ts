import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseTranscript, readTranscript } from "../../../src/engines/session/transcript.ts";

const line = (role: string, content: unknown): string =>
  JSON.stringify({ type: role, isSidechain: true, message: { role, content } });
const use = (id: string, name: string, input: unknown): unknown => ({ type: "tool_use", id, name, input });
const brief = line("user", "[orchestrate r1 T001 toolu_1]\nYou do one task");

test("whose work it is stands in the opening message", () => {
  expect(parseTranscript(brief).mark).toEqual({ run: "r1", task: "T001", claim: "toolu_1" });
});

test("a mark that the worker only reads later is not its own", () => {
  const stranger = [
    line("user", "Look around"),
    line("user", [{ type: "text", text: "[orchestrate r1 T001 toolu_1]" }]),
  ].join("\n");
  expect(parseTranscript(stranger).mark).toBeNull();
});

test("files are those that the writing tools were given, each once; reading is no change", () => {
  const text = [
    brief,
    line("assistant", [use("1", "Write", { file_path: "/p/a.ts" })]),
    line("assistant", [use("2", "Edit", { file_path: "/p/a.ts" })]),
    line("assistant", [use("3", "NotebookEdit", { notebook_path: "/p/n.ipynb" })]),
    line("assistant", [use("4", "Read", { file_path: "/p/c.ts" })]),
  ].join("\n");
  expect(parseTranscript(text)).toMatchObject({ edits: ["/p/a.ts", "/p/n.ipynb"], toolCalls: 4, ranCommands: false });
});

test("a call that was denied or went wrong changed nothing", () => {
  const text = [
    brief,
    line("assistant", [use("1", "Write", { file_path: "/p/a.ts" })]),
    line("user", [{ type: "tool_result", tool_use_id: "1", is_error: true, content: "denied" }]),
  ].join("\n");
  expect(parseTranscript(text)).toMatchObject({ edits: [], toolCalls: 1 });
});

test("lines of other kinds, torn lines and nonsense are passed over", () => {
  const text = [
    "",
    "{",
    "null",
    "[]",
    '{"type":"attachment"}',
    '{"message":7}',
    '{"message":{"role":"assistant","content":[7,null,{"type":"tool_use"}]}}',
    brief,
  ].join("\n");
  expect(parseTranscript(text)).toEqual({
    mark: { run: "r1", task: "T001", claim: "toolu_1" },
    edits: [],
    toolCalls: 0,
    ranCommands: false,
    lastText: "",
  });
});

test("a transcript that the client is still writing is waited for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "transcript-"));
  const path = join(folder, "agent.jsonl");
  const reading = readTranscript(path, "All done.");
  writeFileSync(path, `${brief}\n${line("assistant", [{ type: "text", text: "All done." }])}\n`);
  expect((await reading).mark?.task).toBe("T001");
  rmSync(folder, { recursive: true });
});
