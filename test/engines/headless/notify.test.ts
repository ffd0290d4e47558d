import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { indexPlan } from "../../../src/run/planIndex.ts";
import { notify } from "../../../src/engines/headless/effects/notify.ts";
import { beginFold } from "../../../src/run/fold.ts";
import { makePlan } from "../../makePlan.ts";
import { until } from "../../until.ts";

test("the person's own command has their environment, without the token by which the supervisor's processes are found", async () => {
  const project = mkdtempSync(join(tmpdir(), "orchestrate-notify-"));
  onTestFinished(() => rmSync(project, { recursive: true }));
  const plan = makePlan({ tasks: ["A"] });
  const index = indexPlan({ ...plan, config: { ...plan.config, notify: "env > all; mv all news" } });
  const env = { PATH: process.env["PATH"], THEIRS: "yes", ORCHESTRATE_TOKEN: "t0ken" };
  notify(
    { type: "finished", at: "", ok: true },
    {
      project,
      index,
      state: beginFold(index),
      env,
    },
  );
  const path = join(project, "news");
  const said = await until("the news", () => existsSync(path) && (readFileSync(path, "utf8") || null));
  expect(said).toContain("THEIRS=yes");
  expect(said).not.toContain("t0ken");
});
