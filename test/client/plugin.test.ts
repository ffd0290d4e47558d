import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { clientPath } from "./find.ts";
import { installPlugin, makeHome } from "./home.ts";
import { launchesIn, plugin } from "./orchestrator.ts";
import { launchLine } from "../../src/engines/session/news.ts";
import { withClient } from "./withClient.ts";

const run = promisify(execFile);

withClient("the plugin as the client sees it", () => {
  test("passes the client's own strict checks, those of its directory included", async () => {
    await using home = await makeHome();
    const { stdout } = await run(clientPath(), ["plugin", "validate", plugin, "--strict", "--profile", "directory"], {
      env: { ...home.env },
    });
    expect(stdout).toContain("Validation passed");
  });

  test("adds at most 400 tokens to every session", async () => {
    await using home = await makeHome();
    await installPlugin(home, plugin, "orchestrate@orchestrate");
    const { stdout } = await run(clientPath(), ["plugin", "details", "orchestrate@orchestrate"], {
      cwd: home.folder,
      env: { ...home.env },
    });
    expect(Number(/Always-on:\s+~?([\d,]+) tok/.exec(stdout)?.[1]?.replace(",", ""))).toBeLessThanOrEqual(400);
  });
});

test("a launch costs the model at most 60 tokens, at two characters a token", () => {
  const [call] = launchesIn(`Launch now, all in one message\n${launchLine("r4k2xw", "T012")}`);
  expect(JSON.stringify(call).length).toBeLessThanOrEqual(120);
});
