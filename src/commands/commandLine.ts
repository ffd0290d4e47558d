import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Answer, Command, World } from "./command.ts";
import { nearest } from "../text/nearest.ts";
import { visibleLines } from "../text/escape.ts";
import { isFolder } from "./sources.ts";
import { commands, findCommand } from "./table.ts";
import { version } from "./version.ts";
import { wrongUse } from "./wrongUse.ts";

/**
 * Answers one command line, without the program's own name. Wrong use is an answer with code 2 and an example of
 * right use; whatever is thrown is a bug of ours and becomes an answer with code 3.
 */
export async function answer(line: readonly string[], world: World): Promise<Answer> {
  try {
    const given = await dispatch(line, world);
    const { live } = given;
    return live === undefined ? given : { ...given, live: guarded(live, world) };
  } catch (error) {
    return internalError(error, world);
  }
}

function guarded(live: NonNullable<Answer["live"]>, world: World): NonNullable<Answer["live"]> {
  return async (screen) => {
    try {
      return await live(screen);
    } catch (error) {
      const { err, code } = internalError(error, world);
      screen.write(err);
      return code;
    }
  };
}

async function dispatch(line: readonly string[], world: World): Promise<Answer> {
  const [first, ...rest] = line;
  if (first === undefined || first === "--help" || first === "-h") return run("help", [], world);
  if (first === "--version" || first === "-v") return { out: `${version}\n`, err: "", code: 0 };
  const command = findCommand(first);
  if (command === undefined) return unknownCommand(first);
  const parsed = parse(command, rest);
  if (typeof parsed === "string") return wrongUse(`${parsed}\nSee \`help ${command.name}\`.`);
  if (parsed.options["help"] === true) return run("help", [command.name], world);
  const { project } = parsed.options;
  // A folder that is not there is a typing error, or a path that something on the way has changed: never a new project.
  if (typeof project === "string" && !isFolder(resolve(world.cwd, project)))
    return wrongUse(`\`--project ${project}\`: there is no such folder`);
  return command.run({ ...parsed, world });
}

function run(name: string, positionals: string[], world: World): Promise<Answer> {
  const command = findCommand(name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return command.run({ positionals, options: {}, world });
}

function unknownCommand(word: string): Answer {
  const names = commands.filter((each) => each.internal !== true).map((each) => each.name);
  const near = nearest(word, names);
  const isList = /[./\\]/.test(word);
  const hint = isList
    ? `to preview a task list, \`plan ${word}\``
    : near === null
      ? "see `help`"
      : `did you mean \`${near}\`?`;
  return wrongUse(`unknown command \`${word}\`, expected one of ${names.join(", ")}; ${hint}`);
}

interface Parsed {
  readonly positionals: string[];
  readonly options: Record<string, string | true>;
}

/** Reads options by the command's own table; what is wrong with them comes back as text. */
function parse(command: Command, args: string[]): Parsed | string {
  const known = new Map<string, string | undefined>([
    ["help", undefined],
    ...command.options.map((each) => [each.name, each.value] as const),
  ]);
  const config = Object.fromEntries(
    [...known].map(([name, value]) => {
      const short = command.options.find((each) => each.name === name)?.short;
      const type = value === undefined ? ("boolean" as const) : ("string" as const);
      return [name, { type, ...(short === undefined ? {} : { short }) }];
    }),
  );
  const { tokens } = parseArgs({
    args,
    options: { ...config, help: { type: "boolean", short: "h" } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const parsed: Parsed = { positionals: [], options: Object.create(null) as Record<string, string | true> };
  for (const token of tokens) {
    if (token.kind === "positional") parsed.positionals.push(token.value);
    if (token.kind !== "option") continue;
    if (!known.has(token.name)) return unknownOption(command, token.rawName, [...known.keys()]);
    const value = known.get(token.name);
    if (value === undefined) {
      if (token.value !== undefined) return `\`--${token.name}\` takes no value, found \`${token.value}\``;
      parsed.options[token.name] = true;
    } else {
      const missing =
        token.value === undefined || token.value === "" || (!token.inlineValue && token.value.startsWith("--"));
      if (missing) return `\`--${token.name}\` needs a value; write \`--${token.name} ${value}\``;
      parsed.options[token.name] = token.value ?? "";
    }
  }
  return surplusWords(command, parsed.positionals) ?? parsed;
}

/** A word that a command does not know of may be what it should be confined to: `pause T001` must not pause everything. */
function surplusWords({ name, usage }: Command, words: readonly string[]): string | null {
  const places = usage === "" ? [] : usage.split(" ");
  const surplus = words[places.length];
  if (usage.includes("…") || surplus === undefined) return null;
  const takes = places.length === 0 ? "takes no words" : `takes \`${usage}\``;
  return `\`${name}\` ${takes}, found \`${surplus}\` as well`;
}

function unknownOption(command: Command, rawName: string, names: string[]): string {
  const near = nearest(rawName.replace(/^-+/, ""), names);
  const expected = names.map((name) => `--${name}`).join(", ");
  return `unknown option \`${rawName}\` of \`${command.name}\`, expected one of ${expected}${near === null ? "" : `; did you mean \`--${near}\`?`}`;
}

function internalError(error: unknown, world: World): Answer {
  const message = error instanceof Error ? error.message : String(error);
  // A full disk, a folder without permission: nothing of ours, and nothing to report.
  if (error instanceof Error && "syscall" in error && "code" in error)
    return {
      out: "",
      err: visibleLines(`error: the system refused (${message}); mend that, then do the same again [system-refused]\n`),
      code: 1,
    };
  const debug = world.env["ORCHESTRATE_DEBUG"] === "1";
  const trace = debug && error instanceof Error && error.stack !== undefined ? `${error.stack}\n` : "";
  const how = debug ? "" : " ORCHESTRATE_DEBUG=1 shows where it happened.";
  const report = `This is a bug of Orchestrate ${version}, not of your list. Please report it with the command and, if you may share it, the list.${how}`;
  return { out: "", err: visibleLines(`Internal error: ${message}\n${report}\n${trace}`), code: 3 };
}
