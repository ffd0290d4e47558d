import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { answer } from "../../src/commands/commandLine.ts";
import { makeWorld } from "../commands/world.ts";

const list = "examples/rate-limiting/tasks.md";

/** The text of README.md with its list and its outputs as they really are. */
async function readme(): Promise<string> {
  const blocks = readFileSync("README.md", "utf8").split(/^(```.*\n[^]*?\n```)$/m);
  const made = await Promise.all(
    blocks.map(async (block) => {
      if (block.startsWith("```markdown\n")) return `\`\`\`markdown\n${readFileSync(list, "utf8")}\`\`\``;
      const command = /^```console\n\$ node dist\/cli\.mjs (.*)\n/.exec(block)?.[1];
      if (command === undefined) return block;
      const { out, err } = await answer(command.split(" "), makeWorld());
      return `\`\`\`console\n$ node dist/cli.mjs ${command}\n${out}${err}\`\`\``;
    }),
  );
  return made.join("");
}

test("the README shows the list of the example and the real output for it", async () => {
  await expect(await readme()).toMatchFileSnapshot("../../README.md");
});
