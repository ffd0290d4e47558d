import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { requestOptions } from "../../src/commands/requestOptions.ts";
import { commands } from "../../src/commands/table.ts";
import { cliPage, configPage, eventsPage, eventTypes, formatsPage } from "./pages.ts";

test("docs/cli.md is what the table of commands says", async () => {
  await expect(cliPage()).toMatchFileSnapshot("../../docs/cli.md");
});

test("docs/config.md is what the schema of the options says", async () => {
  await expect(configPage()).toMatchFileSnapshot("../../docs/config.md");
});

test("docs/formats.md is what the formats say of themselves", async () => {
  await expect(formatsPage()).toMatchFileSnapshot("../../docs/formats.md");
});

test("docs/events.md is what the event types say", async () => {
  await expect(eventsPage()).toMatchFileSnapshot("../../docs/events.md");
});

test("every member of the union of events is documented, with its meaning", () => {
  const source = readFileSync("src/model/event.ts", "utf8");
  const unions = [...source.matchAll(/export type (?:Event|HeadlessEvent) =([^;]*);/g)];
  const members = unions
    .flatMap(([, union = ""]) => union.match(/\w+/g) ?? [])
    .filter((one) => one !== "HeadlessEvent");
  expect(unions).toHaveLength(2);
  expect(eventTypes()).toHaveLength(members.length);
  expect(eventTypes().filter(({ type, meaning }) => type === "" || meaning === "")).toEqual([]);
});

test("every command has a file of its own, and every option a summary", () => {
  for (const command of commands) {
    expect(readdirSync("src/commands")).toContain(`${command.name}.ts`);
    for (const option of command.options) expect(option.summary, `${command.name} --${option.name}`).not.toBe("");
  }
});

const pages = [
  "README.md",
  ...["docs", "commands", "agents"].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".md"))
      .map((file) => `${folder}/${file}`),
  ),
  ...readdirSync("skills").map((skill) => `skills/${skill}/SKILL.md`),
];

/** Options of other programs that the pages speak of. */
const others = new Set(["--plugin-dir", "--hostname", "--version", "--help"]);

test.each(pages)("%s names no option and no command that does not exist", (page) => {
  const text = readFileSync(page, "utf8");
  const known = new Set([
    ...others,
    ...requestOptions.map((each) => `--${each}`),
    ...commands.flatMap((each) => each.options.map((option) => `--${option.name}`)),
  ]);
  const options = [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option);
  expect(options.filter((option) => !known.has(option))).toEqual([]);
  const verbs = [...text.matchAll(/(?:dist\/cli\.mjs"?|`\/(?:parallel-)?orchestrate) ([a-z][a-z-]*)(?=[ `\n])/g)].map(
    ([, verb = ""]) => verb,
  );
  const named = new Set([...commands.map((each) => each.name), "dry-run", "tasks", "these", "help"]);
  expect(verbs.filter((verb) => !named.has(verb))).toEqual([]);
});
