import { defaultConfig, type Config, type ConfigInput } from "../model/config.ts";
import type { Plan } from "../model/plan.ts";

/** Something that a plan would have us run, or let agents do, without asking again. */
export interface Command {
  /** Who wrote it: the project's own options, or the list (or a plan in a file), which as a rule is somebody else's text. */
  readonly from: "project" | "list";
  /** The option that says so, as people know it. */
  readonly use: "worker" | "setup" | "verify" | "notify" | "reviewer" | "permissionMode" | "allowedTools";
  readonly text: string;
}

/**
 * The commands of a plan, each once, in a fixed order. What the project's own options do not hold can only have come with
 * the list or with the plan's file: nothing on the command line sets any of these. Tasks that are done count too, so that
 * a ticked box changes nothing.
 */
export function commandsOf(plan: Pick<Plan, "config" | "tasks">, own: ConfigInput): Command[] {
  const usual = new Set(inConfig(defaultConfig).map(keyOf));
  const mine = inConfig(own).filter((one) => !usual.has(keyOf(one)));
  const known = new Set([...usual, ...mine.map(keyOf)]);
  const inForce = [
    ...inConfig(plan.config),
    ...plan.tasks.flatMap(({ verify }) => verify.map((text) => ({ use: "verify" as const, text }))),
  ];
  const foreign = new Map(inForce.filter((one) => !known.has(keyOf(one))).map((one) => [keyOf(one), one]));
  return [
    ...mine.map((one) => ({ ...one, from: "project" as const })),
    ...[...foreign.values()].map((one) => ({ ...one, from: "list" as const })),
  ].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** What makes two commands the same, wherever they were written. */
export function keyOf({ use, text }: Pick<Command, "use" | "text">): string {
  return `${use}\0${text}`;
}

function inConfig(config: ConfigInput | Config): Pick<Command, "use" | "text">[] {
  const { worker, setup, verify, notify, reviewer, permissionMode, allowedTools } = config;
  return [
    ...(worker === undefined || Object.keys(worker).length === 0
      ? []
      : [{ use: "worker" as const, text: inOneLine({ command: worker.command, env: worker.env }) }]),
    ...(setup ?? []).map((text) => ({ use: "setup" as const, text })),
    ...(verify ?? []).map((text) => ({ use: "verify" as const, text })),
    ...(notify === undefined ? [] : [{ use: "notify" as const, text: notify }]),
    ...(reviewer === undefined
      ? []
      : [{ use: "reviewer" as const, text: inOneLine({ command: reviewer.command ?? "claude" }) }]),
    ...(permissionMode === undefined ? [] : [{ use: "permissionMode" as const, text: permissionMode }]),
    ...(allowedTools ?? []).map((text) => ({ use: "allowedTools" as const, text })),
  ];
}

/** `sh ./worker.sh`; arguments that hold more than a word stay apart. */
function inOneLine({
  command,
  env = [],
}: {
  command?: readonly string[] | string | undefined;
  env?: readonly string[] | undefined;
}): string {
  const words = typeof command === "string" ? [command] : (command ?? ["claude"]);
  const shown = words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
  return env.length === 0 ? shown : `${shown} (with ${env.join(", ")} of your environment)`;
}
