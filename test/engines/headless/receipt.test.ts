import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { indexPlan } from "../../../src/run/planIndex.ts";
import { readReceipt, whyRefused, type Found } from "../../../src/engines/headless/effects/receipt.ts";
import { attemptFiles } from "../../../src/engines/headless/keeper/files.ts";
import { readEvent } from "../../../src/engines/headless/keeper/protocol.ts";
import { recordOf } from "../../../src/engines/headless/keeper/record.ts";
import { makePlan } from "../../makePlan.ts";

const init = {
  type: "system",
  subtype: "init",
  session_id: "s-1",
  model: "claude-haiku-4-5",
  permissionMode: "acceptEdits",
  cwd: "/work/tree",
  tools: ["Bash", "Write"],
};
const found: Found = {
  receipt: { session: "s-1", model: "claude-haiku-4-5", permissionMode: "acceptEdits", tools: ["Bash", "Write"] },
  folder: "/work/tree",
};

test("what a client says of itself comes through the keeper's record whole", () => {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(readReceipt(folder)).toBeNull();
  const event = readEvent(JSON.stringify(init));
  if (event === null) return expect.fail("the line was not read");
  writeFileSync(attemptFiles(folder).stream, recordOf(event, "2026-01-01T00:00:00Z", []) ?? "");
  expect(readReceipt(folder)).toEqual(found);
});

const index = indexPlan(
  makePlan({
    tasks: ["T1", { id: "T2", model: "sonnet" }, { id: "T3", model: "haiku[1m]" }, { id: "T4", model: "opusplan" }],
  }),
);
const refusal = (
  task: string,
  receipt: Partial<Found["receipt"]>,
  env: Record<string, string> = {},
  folder = "/work/tree",
) => whyRefused({ receipt: { ...found.receipt, ...receipt }, folder: found.folder }, task, folder, index, env);

test("a worker that is what was asked for is not refused", () => {
  expect(refusal("T1", {})).toBeNull();
  expect(refusal("T3", {})).toBeNull();
});

test("a worker in another folder, with other permissions or with agents of its own is refused, and says what was expected", () => {
  expect(refusal("T1", {}, {}, "/work/other")).toBe(
    "its worker began in /work/tree, expected its own worktree /work/other",
  );
  expect(refusal("T1", { permissionMode: "bypassPermissions" })).toContain("expected acceptEdits");
  expect(refusal("T1", { tools: ["Bash", "Agent", "Workflow"] })).toContain("(Agent, Workflow)");
});

test("a worker on another model than its task names is refused", () => {
  expect(refusal("T2", {})).toBe("its worker runs on the model claude-haiku-4-5, expected sonnet");
});

test("a short name means what the person's environment says it does; one that lets the client choose means any", () => {
  const env = { ANTHROPIC_DEFAULT_SONNET_MODEL: "glm-4.6" };
  expect(refusal("T2", { model: "glm-4.6" }, env)).toBeNull();
  expect(refusal("T2", { model: "claude-sonnet-5" }, env)).toContain("expected glm-4.6");
  expect(refusal("T4", { model: "claude-sonnet-5" })).toBeNull();
});
