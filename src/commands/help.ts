import type { Answer, Command, Invocation } from "./command.ts";
import { nearest } from "../text/nearest.ts";
import { commands, findCommand } from "./table.ts";
import { pad } from "../text/layout.ts";
import { wrongUse } from "./wrongUse.ts";

/** How the helper is called from a clone of the repository. */
export const program = "node dist/cli.mjs";
export const helpOption = { name: "help", summary: "show this help" };

/** Every exit code and when it is used. `docs/cli.md` lists the same. */
export const exitCodes: Readonly<Record<Answer["code"], string>> = {
  0: "all is well",
  1: "the plan or the run failed",
  2: "wrong use: the command line cannot be meant",
  3: "a bug of Orchestrate",
  4: "the run stopped at a usage limit that does not say when it ends; `resume` later",
};

/** What every verb with a `SOURCE` takes. */
const sources =
  "SOURCE: a task list or the folder that holds it, `-` for standard input, or a GitHub issue: 1234, owner/repo#1234, its link.";

/** `help [COMMAND]`. */
export async function run({ positionals }: Invocation): Promise<Answer> {
  const [name] = positionals;
  if (name === undefined) return { out: overview(), err: "", code: 0 };
  const command = findCommand(name);
  if (command !== undefined) return { out: commandHelp(command), err: "", code: 0 };
  const near = nearest(
    name,
    commands.map((each) => each.name),
  );
  return wrongUse(`unknown command \`${name}\`${near === null ? "; see `help`" : `; did you mean \`${near}\`?`}`);
}

function overview(): string {
  const lines = (chosen: readonly Command[]) => chosen.map((each) => `  ${pad(each.name, 12)}${each.summary}`);
  const forPeople = commands.filter((each) => each.internal !== true);
  const internal = commands.filter((each) => each.internal === true);
  return [
    "Orchestrate turns a task list into a checked dependency graph and runs it with as many agents as is safe.",
    "",
    `Usage: ${program} COMMAND …`,
    "",
    ...lines(forPeople),
    "",
    sources,
    "",
    "Called by the plugin's own commands and hooks:",
    ...lines(internal),
    "",
    "Options of every command: --help; of the program: --version",
    `Exit codes: ${Object.entries(exitCodes)
      .map(([code, meaning]) => `${code} ${meaning}`)
      .join("; ")}`,
    "",
  ].join("\n");
}

function commandHelp(command: Command): string {
  const options = [...command.options, helpOption].map((option) => [flag(option), option.summary] as const);
  const width = Math.max(...options.map(([name]) => name.length)) + 2;
  const examples = command.examples.flatMap((example) => ["", `  ${example.does}:`, `    ${program} ${example.line}`]);
  return [
    `${program} ${command.name} ${command.usage}`.trimEnd(),
    "",
    `${command.summary}.`,
    ...(command.usage.includes("SOURCE") ? ["", sources] : []),
    "",
    ...options.map(([name, summary]) => `  ${pad(name, width)}${summary}`),
    ...examples,
    "",
  ].join("\n");
}

/** `--max-workers N`, `-f, --follow`. */
export function flag(option: Command["options"][number]): string {
  return `${option.short === undefined ? "" : `-${option.short}, `}--${option.name}${option.value === undefined ? "" : ` ${option.value}`}`;
}
