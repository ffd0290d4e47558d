import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { helperCall, shellWord } from "../../../src/text/escape.ts";
import { isOwnCommand } from "../../../src/engines/session/permission.ts";

const helper = "/home/me/.claude/plugins/orchestrate/dist/cli.mjs";
const call = `node "${helper}"`;

describe("one simple call of our own helper runs without asking", () => {
  test.each([
    `${call} status`,
    `${call} next`,
    `${call} status --json`,
    `${call} explain T001 T002`,
    `${call} retry T001 T001#2`,
    `${call} run specs/007/tasks.md --detach --expect 0123456789ab --project /home/me/project`,
    `${call} start specs/007/tasks.md --tasks 3-8 --expect 0123456789ab`,
    `${call} start "my lists/tasks.md" --expect 0123456789ab`,
    `${call} start 'my lists/tasks.md' --expect 0123456789ab`,
    `${call} start задачи.md --max-workers=3 --expect 0123456789ab`,
    `node '${helper}' stop`,
    `node ${helper} todo TodoWrite`,
    `${call} start tasks.md --expect 0123456789ab --project '/p/O'\\''Brien'\\''s app'`,
    `${call} start tasks.md --expect 0123456789ab --project '/p/a$(touch X)\`touch Y\` "b" \\ !c'`,
    `${call} start tasks.md --expect 0123456789ab --project '/p/two\nlines and a tab\t'`,
    `${call} start tasks.md --expect 0123456789ab --project /p/ünï/日本語`,
    `${call} start tasks.md --expect 0123456789ab --project '/p/🎉 ;&|<>*?[a]{b,c}~#'`,
    `${call} status `,
  ])("%s", (command) => {
    expect(isOwnCommand(command, helper)).toBe(true);
  });
});

describe("nothing that is chained to it, substituted in it or written like it does", () => {
  test.each([
    `${call} status && touch x`,
    `${call} status; touch x`,
    `${call} status | sh`,
    `${call} status || touch x`,
    `${call} status & touch x`,
    `${call} status\ntouch x`,
    `${call} status\r\ntouch x`,
    `${call} status > out.txt`,
    `${call} status >> ~/.bashrc`,
    `${call} status < /etc/passwd`,
    `${call} explain $(touch x) T2`,
    `${call} explain \`touch x\` T2`,
    `${call} explain "$(touch x)" T2`,
    `${call} explain "\`touch x\`" T2`,
    `${call} explain $HOME T2`,
    `${call} explain \${IFS} T2`,
    `${call} explain {a,b} T2`,
    `${call} explain T1 * T2`,
    `${call} explain <(touch x) T2`,
    `${call} explain T1 \\\n T2`,
    `${call} explain 'T1' T2 "unclosed`,
    `NODE_OPTIONS=--require=./evil.js ${call} status`,
    `cd sub && ${call} status`,
    `(${call} status)`,
    ` ${call} status`,
    `node -r ./evil.js "${helper}" status`,
    `node "/tmp/dist/cli.mjs" status`,
    `node "${helper}.evil" status`,
    `node "${helper}"status`,
    `node "./dist/cli.mjs" status`,
    `node dist/cli.mjs status`,
    `node "${helper}/../cli.mjs" status`,
    `/tmp/node "${helper}" status`,
    call,
    `${call} run tasks.md`,
    `${call} start tasks.md`,
    `${call} run tasks.md`,
    `${call} request -`,
    `${call} --eval status`,
    `${call} status #`,
    `${call} status\u00a0&& touch x`,
    `${call} status \u2028touch x`,
    `${call} status !!`,
    `${call} status ~/x`,
  ])("%j", (command) => {
    expect(isOwnCommand(command, helper)).toBe(false);
  });

  test("a helper's own path counts only where it is quoted", () => {
    for (const odd of [
      "/a$(x)/cli.mjs",
      "/a`x`/cli.mjs",
      '/a"b/cli.mjs',
      "/a\\b/cli.mjs",
      "/a!b/cli.mjs",
      "/a\nb/cli.mjs",
    ]) {
      expect(isOwnCommand(`node "${odd}" status`, odd)).toBe(false);
      expect(isOwnCommand(`node ${odd} status`, odd)).toBe(false);
      expect(isOwnCommand(`${helperCall(odd)} status`, odd)).toBe(true);
    }
    for (const plain of ["/home/O'Brien/cli.mjs", "/a b/cli.mjs", "/ü/cli.mjs"])
      expect(isOwnCommand(`${helperCall(plain)} status`, plain)).toBe(true);
  });
});

test("every word that we quote for a shell comes out of a real one as it went in, and is ours to run", () => {
  const words = [
    "O'Brien",
    "'",
    "''",
    "a'",
    "$(touch x)",
    "`x`",
    '"',
    "\\",
    "a\nb",
    "!!",
    "~",
    "*",
    "🎉 é",
    "-x",
    "#a",
    "=ls",
  ];
  for (const word of words) {
    const command = `${helperCall(helper)} explain ${shellWord(word)}`;
    expect(isOwnCommand(command, helper), command).toBe(true);
    expect(execFileSync("sh", ["-c", `printf '%s' ${shellWord(word)}`], { encoding: "utf8" })).toBe(word);
  }
});
