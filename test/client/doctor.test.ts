import { dirname } from "node:path";
import { expect, test } from "vitest";
import { answer } from "../../src/commands/commandLine.ts";
import { doctor, type Doctor } from "../../src/model/doctor.ts";
import { makeWorld } from "../commands/world.ts";
import { clientPath } from "./find.ts";
import { makeHome, makeProject } from "./home.ts";
import { withClient } from "./withClient.ts";

type Env = Readonly<Record<string, string>>;

async function ask(cwd: string, env: Env): Promise<Doctor & { code: number; text: string }> {
  const world = makeWorld({ cwd, env });
  const { out, code } = await answer(["doctor", "--json"], world);
  const { out: text } = await answer(["doctor"], world);
  return { ...doctor().strict().parse(JSON.parse(out)), code, text };
}

function levelOf({ findings }: Doctor, name: string): string | undefined {
  return findings.find((each) => each.name === name)?.level;
}

withClient("doctor", () => {
  /** The client's folder first, in a home of its own. */
  async function asked(env: Env) {
    await using home = await makeHome();
    await using project = await makeProject();
    const path = `${dirname(clientPath())}:${process.env["PATH"] ?? ""}`;
    // Awaited here: the folders go when this function ends.
    return await ask(project.folder, { ...home.env, ...env, PATH: path });
  }

  test("where nobody is logged in says so and what to do, exit code 1", async () => {
    const found = await asked({});
    expect([levelOf(found, "claude"), levelOf(found, "login"), found.code]).toEqual(["fine", "missing", 1]);
    expect(found.text).toMatch(/✗ login +not logged in\n +run `claude` and type \/login, or set\s+ANTHROPIC_API_KEY/);
  });

  test("with a key in the environment is fine, without asking the network", async () => {
    const found = await asked({ ANTHROPIC_API_KEY: "sk-ant-not-a-real-key", ANTHROPIC_BASE_URL: "http://127.0.0.1:1" });
    expect([levelOf(found, "login"), found.code]).toEqual(["fine", 0]);
    expect(found.text).not.toContain("sk-ant");
  });
});
