import { describe, expect, test } from "vitest";
import { defaultConfig } from "../../src/model/config.ts";
import { mergeConfig, onlyInProject, readConfig } from "../../src/lists/config.ts";
import { readFiles } from "../../src/lists/readList.ts";

function faults(text: string): string[] {
  const made = readConfig(text, ".orchestrate.yml");
  return made.ok ? [] : made.diagnostics.map(({ rule, place }) => `${rule} ${place?.line}:${place?.column}`);
}

describe(".orchestrate.yml", () => {
  test("sets options; an empty file sets none", () => {
    expect(readConfig("maxWorkers: 3\nverify:\n  - npm test\n", "c")).toEqual({
      ok: true,
      value: { maxWorkers: 3, verify: ["npm test"] },
    });
    expect(readConfig("", "c")).toEqual({ ok: true, value: {} });
    expect(readConfig("# nothing\n", "c")).toEqual({ ok: true, value: {} });
  });

  test.each([
    ["maxWorkers: 3\nmaxWorker: 4", ["unknown-key 2:1"]],
    ["maxWorkers: 0", ["wrong-value 1:13"]],
    ['maxWorkers: "8"', ["wrong-value 1:13"]],
    ["maxWorkers: 1e9", ["wrong-value 1:13"]],
    ["maxWorkers: .nan", ["wrong-value 1:13"]],
    ["verify: npm test", ["wrong-value 1:9"]],
    ["resources:\n  db: 0", ["wrong-value 2:7"]],
    ["parallel: true\nparallel: false", ["duplicate-key 2:1"]],
    ["a: b: c", ["yaml 1:4"]],
    ["- a", ["wrong-value 1:1"]],
    ["<<: {a: 1}", ["unknown-key 1:1"]],
    ["__proto__: {a: 1}", ["unknown-key 1:1"]],
  ])("%j is refused at its place", (text, expected) => expect(faults(text)).toEqual(expected));

  test("variables of workers are names, and a mapping is told so", () => {
    const made = readConfig("worker:\n  env:\n    TOKEN: abc\n", "c");
    expect(made.ok ? null : made.diagnostics[0]?.expected).toContain("a list of names of variables");
  });

  test("depth that would overflow the stack is a fault like others", () => {
    const texts = [`a: ${"[".repeat(20_000)}`, `a: ${"[".repeat(5000)}${"]".repeat(5000)}`, `a:${" -".repeat(5000)}`];
    for (const text of texts) expect(faults(text).length).toBeGreaterThan(0);
  });

  test("later options win, key by key; resources are joined", () => {
    expect(mergeConfig({ maxWorkers: 2, resources: { db: 2 } }, { maxWorkers: 3, resources: { port: 1 } })).toEqual({
      ...defaultConfig,
      maxWorkers: 3,
      resources: { db: 2, port: 1 },
    });
  });
});

test.each([...onlyInProject])("a list cannot set `%s`, which is for the project alone to say", (key) => {
  const values: Record<string, string> = {
    worker: "{ env: [A] }",
    setup: "[a]",
    reviewer: "{}",
    allowedTools: "[Bash]",
    issueAuthors: "[none]",
  };
  const option = `${key}: ${values[key] ?? (key === "permissionMode" ? "dontAsk" : "a")}`;
  expect(readConfig(option, ".orchestrate.yml")).toMatchObject({ ok: true });
  const list = readFiles(
    [{ file: "a.md", bytes: Buffer.from(`---\norchestrate:\n  ${option}\n---\n- [ ] T1 Do it\n`) }],
    {},
  );
  expect(list).toMatchObject({ ok: false, diagnostics: [{ rule: "only-in-project", place: { line: 3, column: 3 } }] });
});

test("words of somebody else's front matter that are options for the project alone are left to them", () => {
  const text = "---\nreviewer: Jane\nsetup: done\ntimeout: 30m\n---\n- [ ] T1 Do it\n";
  expect(readFiles([{ file: "a.md", bytes: Buffer.from(text) }], {})).toMatchObject({
    ok: true,
    value: { options: {} },
  });
});
