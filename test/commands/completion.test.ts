import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { answer } from "../../src/commands/commandLine.ts";
import { commands } from "../../src/commands/table.ts";
import { makeWorld } from "./world.ts";

const people = commands.filter((command) => command.internal !== true);

test.each(["bash", "zsh", "fish"])(
  "the script for %s offers every command for people and its options",
  async (shell) => {
    const { out } = await answer(["completion", shell], makeWorld());
    for (const command of people) {
      expect(out).toContain(command.name);
      for (const option of command.options) expect(out).toContain(option.name);
    }
    expect(out).not.toContain("request");
  },
);

test("bash completes commands, and the options of the command that was typed", async () => {
  const { out } = await answer(["completion", "bash"], makeWorld());
  const complete = (...line: string[]) => {
    const script = `${out}\nCOMP_WORDS=(orchestrate ${line.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${line.length}; _orchestrate; printf '%s ' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim();
  };
  expect(complete("exp")).toBe("explain");
  expect(complete("plan", "--js")).toBe("--json");
  expect(complete("plan", "README")).toBe("README.md");
});
