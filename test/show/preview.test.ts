import { expect, test } from "vitest";
import { showPreview } from "../../src/show/preview.ts";
import type { Plan } from "../../src/model/plan.ts";
import { makePlan } from "../makePlan.ts";

/** The preview of one task on one line, with these options. */
function said(config: Partial<Plan["config"]>, headless: boolean): string {
  const plan = makePlan({ tasks: ["T1"] });
  const made = { ...plan, config: { ...plan.config, ...config } };
  return showPreview(made, { width: 400, colour: false }, false, headless);
}

test("when the checks of the whole tree run is said of the engine that is asked for", () => {
  const verify = ["make check"];
  expect(said({ verify }, true)).toContain("of the whole tree, on the base and after every merge: `make check`");
  expect(said({ verify }, false)).toContain("when nobody is in the middle of an edit: `make check`");
});

test("before a headless run it is said what its workers may do without asking, even where nobody chose it", () => {
  expect(said({}, true)).toContain("have the permission mode acceptEdits, and may use nothing more without asking");
  expect(said({ allowedTools: ["Bash(npm test *)"], permissionMode: "dontAsk" }, true)).toContain(
    "have the permission mode dontAsk, and may use without asking: Bash(npm test *)",
  );
  expect(said({ permissionMode: "bypassPermissions" }, true)).toContain("and may use everything without asking");
  expect(said({}, false)).not.toContain("permission mode");
});

test("a program that stands in for the client has no permission mode", () => {
  expect(said({ worker: { command: ["./agent"] } }, true)).not.toContain("permission mode");
});
