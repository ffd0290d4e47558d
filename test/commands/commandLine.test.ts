import { describe, expect, test } from "vitest";
import { answer } from "../../src/commands/commandLine.ts";
import { commands } from "../../src/commands/table.ts";
import { version } from "../../src/commands/version.ts";
import { makeWorld } from "./world.ts";

const ask = (...line: string[]) => answer(line, makeWorld());

test("no words at all and `--help` show every command for people", async () => {
  for (const line of [[], ["--help"], ["-h"], ["help"]]) {
    const { out, code } = await answer(line, makeWorld());
    expect(code).toBe(0);
    for (const command of commands) expect(out).toContain(`\n  ${command.name} `);
  }
});

test("`--version` prints the version alone", async () => {
  expect(await ask("--version")).toEqual({ out: `${version}\n`, err: "", code: 0 });
});

test.each(commands.map((command) => command.name))("`%s --help` shows its options", async (name) => {
  const command = commands.find((each) => each.name === name);
  const { out, code } = await ask(name, "--help");
  expect(code).toBe(0);
  expect(await ask("help", name)).toMatchObject({ out });
  for (const option of command?.options ?? []) expect(out).toContain(`--${option.name}`);
});

describe("wrong use has exit code 2 and says what would be right", () => {
  test.each([
    [["pln"], "unknown command `pln`", "did you mean `plan`?"],
    [["specs/tasks.md"], "unknown command", "`plan specs/tasks.md`"],
    [["plan", "a.md", "--jsn"], "unknown option `--jsn` of `plan`", "did you mean `--json`?"],
    [["plan", "a.md", "-x"], "unknown option `-x`", "expected one of --help, --json"],
    [["plan", "a.md", "--max-workers"], "`--max-workers` needs a value", "`--max-workers N`"],
    [["plan", "a.md", "--tasks", "--json"], "`--tasks` needs a value", "`--tasks IDS`"],
    [["plan", "a.md", "--json=yes"], "`--json` takes no value", "help plan"],
    [["plan", "a.md", "--max-workers", "0"], "unexpected `--max-workers 0`", "from 1 to 20"],
    [["plan", "a.md", "--max-workers", "two"], "unexpected `--max-workers two`", "from 1 to 20"],
    [["plan", "a.md", "--tasks", "1", "--only", "2"], "exclude each other", "leave one out"],
    [["plan", "a.md", "--json", "--mermaid"], "exclude each other", "leave one out"],
    [["plan"], "`plan` needs a source", "plan specs/007/tasks.md"],
    [["explain", "T1"], "needs two tasks", "T003 T007"],
    [["help", "pla"], "unknown command `pla`", "did you mean `plan`?"],
    [["completion", "tcsh"], "unknown shell `tcsh`", "bash, zsh, fish"],
    [["pause", "T001"], "`pause` takes no words", "found `T001`"],
    [["stop", "T001", "T002"], "`stop` takes `[TASK]`", "found `T002`"],
    [["constructor"], "unknown command `constructor`", "see `help`"],
  ])("%j", async (line, what, instead) => {
    const { out, err, code } = await answer(line, makeWorld());
    expect({ out, code }).toEqual({ out: "", code: 2 });
    expect(err).toContain(what);
    expect(err).toContain(instead);
  });
});

describe("a bug of ours", () => {
  const broken = makeWorld({
    stdin: () => {
      throw new TypeError("cannot read properties of undefined");
    },
  });

  test("is named as one, with how to report it and no stack", async () => {
    const { err, code } = await answer(["plan", "-"], broken);
    expect(code).toBe(3);
    expect(err).toMatch(/^Internal error: cannot read properties of undefined\n/);
    expect(err).toContain("report");
    expect(err).not.toContain("    at ");
  });

  test("shows where it happened when asked to", async () => {
    const { err } = await answer(["plan", "-"], { ...broken, env: { ORCHESTRATE_DEBUG: "1" } });
    expect(err).toContain("    at ");
  });
});
