import type { Answer, Command, Invocation } from "./command.ts";
import { commands } from "./table.ts";
import { wrongUse } from "./wrongUse.ts";

const SHELLS: Readonly<Record<string, () => string>> = { bash, zsh, fish };

/** `completion bash|zsh|fish`: a script for a shell function or alias named `orchestrate`. */
export async function run({ positionals }: Invocation): Promise<Answer> {
  const [shell = ""] = positionals;
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (script === undefined)
    return wrongUse(`unknown shell \`${shell}\`, expected one of ${Object.keys(SHELLS).join(", ")}`);
  return { out: script(), err: "", code: 0 };
}

const offered = (): readonly Command[] => commands.filter((each) => each.internal !== true);

function flags(command: Command): string {
  return [...command.options.map((option) => `--${option.name}`), "--help"].join(" ");
}

function bash(): string {
  return [
    '# orchestrate() { node /path/to/dist/cli.mjs "$@"; }',
    "_orchestrate() {",
    "  local word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} flags=",
    '  if [ "$COMP_CWORD" = 1 ]; then',
    `    COMPREPLY=($(compgen -W "${offered()
      .map((each) => each.name)
      .join(" ")}" -- "$word"))`,
    "    return",
    "  fi",
    "  case $verb in",
    ...offered().map((each) => `    ${each.name}) flags="${flags(each)}" ;;`),
    "  esac",
    "  case $word in",
    '    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;',
    '    *) COMPREPLY=($(compgen -f -- "$word")) ;;',
    "  esac",
    "}",
    "complete -o filenames -F _orchestrate orchestrate",
    "",
  ].join("\n");
}

function zsh(): string {
  return [
    "#compdef orchestrate",
    '# orchestrate() { node /path/to/dist/cli.mjs "$@"; }',
    "_orchestrate() {",
    "  if (( CURRENT == 2 )); then",
    `    local -a verbs=(${offered()
      .map((each) => quoted(`${each.name}:${each.summary}`))
      .join(" ")})`,
    "    _describe command verbs",
    "    return",
    "  fi",
    "  case $words[2] in",
    ...offered().map((each) => `    ${each.name}) compadd -- ${flags(each)} ;;`),
    "  esac",
    "  _files",
    "}",
    "compdef _orchestrate orchestrate",
    "",
  ].join("\n");
}

function fish(): string {
  const verbs = offered().map(
    (each) => `complete -c orchestrate -n __fish_use_subcommand -a ${each.name} -d ${quoted(each.summary)}`,
  );
  const options = offered().flatMap((each) =>
    each.options.map(
      (option) =>
        `complete -c orchestrate -n '__fish_seen_subcommand_from ${each.name}' -l ${option.name}${option.value === undefined ? "" : " -r"} -d ${quoted(option.summary)}`,
    ),
  );
  return [...verbs, ...options, ""].join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
