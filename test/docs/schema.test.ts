import { expect, test } from "vitest";
import * as z from "zod";
import { configInput } from "../../src/model/config.ts";
import { doctor } from "../../src/model/doctor.ts";
import { metrics } from "../../src/model/metrics.ts";
import { Plan, PlanFailure } from "../../src/model/plan.ts";
import { Status } from "../../src/model/status.ts";
import { taskListFile } from "../../src/lists/formats/ownList.ts";

test.each([
  ["plan", "what `plan --json` prints, and the plan file of a run", Plan, "output"],
  ["plan-failure", "what `plan --json` prints when there is no plan", PlanFailure, "output"],
  ["status", "what `status --json` prints", Status, "output"],
  ["metrics", "what `metrics --json` prints", metrics(), "output"],
  ["doctor", "what `doctor --json` prints", doctor(), "output"],
  ["config", "`.orchestrate.yml` and the options in front matter", configInput(), "input"],
  ["task-list", "a task list in JSON or YAML", taskListFile(), "input"],
] as const)("docs/schema/%s.json is made from the code's own schema", async (name, description, schema, io) => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  const page = { $schema, title: `Orchestrate: ${description}`, ...rest };
  await expect(`${JSON.stringify(page, null, 2)}\n`).toMatchFileSnapshot(`../../docs/schema/${name}.json`);
});
