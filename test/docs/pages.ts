import { readFileSync } from "node:fs";
import * as z from "zod";
import { exitCodes, flag, helpOption, program } from "../../src/commands/help.ts";
import { commands } from "../../src/commands/table.ts";
import { formats } from "../../src/lists/readList.ts";
import { onlyInProject } from "../../src/lists/config.ts";
import { configInput, defaultConfig } from "../../src/model/config.ts";

/** `docs/cli.md`, from the table of commands. */
export function cliPage(): string {
  const inOrder = commands.toSorted((a, b) => Number(a.internal === true) - Number(b.internal === true));
  const firstInternal = inOrder.findIndex((each) => each.internal === true);
  const sections = inOrder.flatMap((command, index) => [
    ...(index === firstInternal ? ["## Called by the plugin's own commands", ""] : []),
    `### \`${`${command.name} ${command.usage}`.trimEnd()}\``,
    "",
    `${command.summary}.`,
    "",
    ...table(
      ["option", "meaning"],
      [...command.options, helpOption].map((option) => [`\`${flag(option)}\``, option.summary]),
    ),
    ...fence(command.examples.map((example) => `${program} ${example.line}  # ${example.does}`)),
  ]);
  return [
    "# The command line",
    "",
    `The helper runs without Claude Code too: \`${program} COMMAND …\`. \`--version\` prints its version.`,
    "",
    "## Commands",
    "",
    ...sections,
    "## Exit codes",
    "",
    ...table(["code", "meaning"], Object.entries(exitCodes)),
    "A plan that cannot be made prints its reasons on standard error, each with `file:line:column`. With `--json` they also come on",
    "standard output, as [schema/plan-failure.json](schema/plan-failure.json) says; a plan is what [schema/plan.json](schema/plan.json) says.",
    "",
  ].join("\n");
}

/** `docs/formats.md`, from what each format says of itself. */
export function formatsPage(): string {
  const rows = formats.map(({ name, title, page }) => [`\`${name}\``, title, page.where, page.order, page.ticked]);
  return [
    "# Task lists that can be read",
    "",
    "`plan PATH` takes a file or a folder and finds the list in it. What a list is, is told by what it says, not by its name; `plan` shows",
    "which format it found. Where lists of several formats stand side by side it says so and asks: name the file, or say `--format NAME`.",
    "",
    ...table(["`--format`", "what it is", "path", "order where nothing else is stated", "ticked in"], rows),
    "Dependencies are found wherever a list states them: in a task's own words or field, in a section, a heading, a table, a drawn or Mermaid",
    "graph, with arrows either way, ranges and “respectively”, in the languages that people write lists in. Each keeps its words and its",
    "line: `explain A B` shows them. Where two statements contradict each other both are shown and the stronger one wins: a machine-written",
    "graph, then a task's own field, a dependency section, phases, markers and order. Files that overlap only ever add.",
    "",
    "Every box is a task or is set aside with its line and the reason; `plan` lists them. Ids are text, as written: `010` is not `8`.",
    "",
  ].join("\n");
}

/** `docs/config.md`, from the schema of the options. */
export function configPage(): string {
  const rows = Object.entries(configInput().shape).map(([key, schema]) => {
    const inForce: unknown = Object.entries(defaultConfig).find(([each]) => each === key)?.[1];
    return [
      `\`${key}\``,
      typeOf(schema.unwrap()),
      inForce === undefined ? "" : `\`${JSON.stringify(inForce)}\``,
      schema.unwrap().description ?? "",
    ];
  });
  return [
    "# Options",
    "",
    "`.orchestrate.yml` in the project's root sets them for every list, a list's front matter for that list, the command line for one",
    "plan; the later wins. In the front matter of somebody else's format they stand under a key `orchestrate`. An unknown key or a wrong",
    "value is an error with its place. [schema/config.json](schema/config.json) is the schema.",
    "",
    `A list may be somebody else's text: ${[...onlyInProject].map((key) => `\`${key}\``).join(", ")}, which say what is run and what is`,
    "allowed, are refused there.",
    "",
    ...table(["key", "value", "by default", "meaning"], rows),
    "```yaml",
    "# .orchestrate.yml",
    "maxWorkers: 3",
    "verify:",
    "  - pnpm test",
    "resources:",
    "  staging: 2",
    "resourceRules:",
    "  e2e/**: browser",
    "hot:",
    "  translations: off",
    "  design tokens: [design/tokens/**]",
    "# headless",
    "setup: [pnpm install]",
    "allowedTools: [Bash(pnpm test *)]",
    "budgetPerRun: 20",
    "reviewer: { model: opus }",
    "```",
    "",
  ].join("\n");
}

/** `docs/events.md`, from the comments of the event types. */
export function eventsPage(): string {
  const rows = eventTypes().map(({ type, meaning, fields }) => [
    `\`${type}\``,
    meaning,
    fields.map((field) => `\`${field}\``).join(", "),
  ]);
  return [
    "# Events",
    "",
    "A run is what its journal says: `.orchestrate/runs/RUN/events.jsonl`, one event a line, only ever appended to. Every event has",
    "`type` and `at` (ISO 8601, UTC).",
    "",
    ...table(["type", "meaning", "fields"], rows),
  ].join("\n");
}

/** The events that the code knows, each with its comment's first paragraph and its own fields. */
export function eventTypes(): { type: string; meaning: string; fields: string[] }[] {
  const source = readFileSync("src/model/event.ts", "utf8");
  const blocks = [
    ...source.matchAll(/(?:\/\*\*((?:(?!\*\/)[^])*?)\*\/\n)?export interface \w+ extends Base \{\n([^]*?)\n\}/g),
  ];
  return blocks.map(([, comment = "", body = ""]) => ({
    type: /readonly type: "([^"]+)"/.exec(body)?.[1] ?? "",
    meaning: comment
      .replace(/^[ *]+/gm, "")
      .replaceAll("\n", " ")
      .trim(),
    fields: [...body.matchAll(/^ {2}readonly (\w+)/gm)]
      .map(([, field = ""]) => field)
      .filter((field) => field !== "type"),
  }));
}

function typeOf(schema: z.core.$ZodType): string {
  const { type } = schema._zod.def;
  if (schema instanceof z.ZodRecord) {
    const { type: value } = schema.valueType._zod.def;
    return `mapping of names to ${value === "number" ? "numbers" : value === "string" ? "names" : "`off` or globs"}`;
  }
  const names: Record<string, string> = {
    array: "list",
    string: "text",
    boolean: "`true` or `false`",
  };
  if (schema._zod.def.type === "enum" && "options" in schema && Array.isArray(schema.options))
    return schema.options.map((each) => `\`${each}\``).join(", ");
  return names[type] ?? type;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [row(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(row), ""];
}

function fence(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["```sh", ...lines, "```", ""];
}
