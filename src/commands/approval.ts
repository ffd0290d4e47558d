import { createHash } from "node:crypto";
import { existsSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { repositoryOf } from "../git/repository.ts";
import { isTracked } from "../git/tracked.ts";
import type { Plan } from "../model/plan.ts";
import { commandsOf, keyOf, type Command } from "../plan/commandsOf.ts";
import { makeUserState, userStateFolder } from "../process/userState.ts";
import { writeAtomic } from "../process/writeAtomic.ts";
import { visible } from "../text/escape.ts";
import type { Answer, World } from "./command.ts";
import { configName, ownConfig } from "./load.ts";

/** Which commands of a plan its person has not allowed yet, and what may be done about that. */
export interface Approval {
  /** Over all commands of the plan: what `--allow-commands` takes. */
  readonly hash: string;
  /** Not allowed yet; a run needs a person's word. */
  readonly asked: readonly Command[];
  /** Of the project's own options, in a repository in which nothing was ever run: they are taken as they are, and shown. */
  readonly first: readonly Command[];
  /** Everything that the plan holds, to be recorded with the start. */
  readonly all: readonly Command[];
  readonly store: string;
}

/**
 * Looks at the commands of a plan. A list is somebody else's text, so each of its commands is asked about once. So is each
 * command of an `.orchestrate.yml` that git keeps, because a pull request can change it; only in a repository in which no
 * run was ever started are those taken as they are. One that git does not keep is the person's own.
 */
export function approvalOf(plan: Plan, project: string, { env }: World): Approval {
  const own = ownConfig(project);
  const all = commandsOf(plan, own.ok ? own.value : {});
  const store = join("commands", repositoryName(project));
  const folder = join(userStateFolder(env), store);
  const isNew = all.filter((one) => !existsSync(join(folder, fileOf(one))));
  const mine = isNew.filter(({ from }) => from === "project");
  const tracked = mine.length > 0 && isTracked(project, configName);
  const first = tracked && !existsSync(join(folder, marker)) ? mine : [];
  const asked = isNew.filter(({ from }) => from === "list" || (tracked && first.length === 0));
  return { hash: digest(all.map(keyOf).join("\0\0")).slice(0, 16), asked, first, all, store };
}

/**
 * Gets the person's word for the commands of a plan and records it; the answer says why the run must not start. `given`
 * is what `--allow-commands` says. With a terminal the person is asked there.
 */
export async function allowCommands(
  approval: Approval,
  given: string | undefined,
  world: World,
): Promise<{ readonly said: string[] } | Answer> {
  const { asked, first, hash } = approval;
  if (given !== undefined && given !== hash)
    return refusal(approval, `\`--allow-commands ${given}\` does not name the commands of this plan`);
  const open = [...asked, ...first];
  const ask = world.ask ?? null;
  if (given === undefined && open.length > 0 && ask !== null) {
    const answer = await ask(`${describe(open).join("\n")}\nAllow these commands? [y/N] `);
    if (!/^y(?:es)?$/i.test(answer.trim()))
      return {
        out: "",
        err: "error: the commands were not allowed; nothing was started [commands-not-allowed]\n",
        code: 2,
      };
  } else if (given === undefined && asked.length > 0)
    return refusal(approval, "you have not allowed these commands yet, and there is no terminal to ask you in");
  const kept = remember(approval, world);
  return {
    said: [
      ...(given === undefined && ask === null && first.length > 0
        ? [
            `Taken from ${configName} as they are, because this is the first run in this repository (docs/safety.md):`,
            ...first.map(line),
          ]
        : []),
      ...(kept === null
        ? []
        : [`The allowed commands cannot be remembered (${visible(kept)}); you will be asked again.`]),
    ],
  };
}

/** What a preview says of commands that are not allowed yet. */
export function unallowed({ asked, first, hash }: Approval): string[] {
  const open = [...asked, ...first];
  return open.length === 0
    ? []
    : [...describe(open), `They are not allowed yet: \`--allow-commands ${hash}\` allows exactly these.`];
}

/** The commands, one a line, for people; each in full, since the end of a command may be what matters. */
function describe(commands: readonly Command[]): string[] {
  const from = (who: Command["from"], title: string): string[] => {
    const some = commands.filter((one) => one.from === who);
    return some.length === 0 ? [] : [title, ...some.map(line)];
  };
  return [
    ...from("list", "The list brings commands that will be run with your rights:"),
    ...from("project", `${configName} has commands that will be run with your rights, or permissions for agents:`),
  ];
}

function line({ use, text }: Command): string {
  return `  ${use}: ${visible(text)}`;
}

function refusal(approval: Approval, why: string): Answer {
  const shown = approval.asked.length > 0 ? approval.asked : approval.all;
  return {
    out: "",
    err: `error: ${visible(why)} [commands-not-allowed]\n${describe(shown).join("\n")}\nRead them first; then \`--allow-commands ${approval.hash}\` allows exactly these.\n`,
    code: 2,
  };
}

/** Written with the first run that was started: from then on a new command of the project's options is asked about. */
const marker = "used";

/** Records what a run was started with. Returns why that could not be done, or null. */
function remember({ all, store }: Approval, { env }: World): string | null {
  try {
    const folder = makeUserState(store, env);
    for (const [name, text] of [
      [marker, ""],
      ...all.map((one) => [fileOf(one), `${one.use}: ${one.text}\n`] as const),
    ] as const)
      if (!existsSync(join(folder, name))) writeAtomic(join(folder, name), text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function fileOf(one: Command): string {
  return digest(keyOf(one));
}

/**
 * A name for the repository and the project's place in it. One that is deleted and made anew at the same place is another:
 * the birth of its git folder is part of the name. Linked worktrees share it.
 */
function repositoryName(project: string): string {
  const repository = repositoryOf(project);
  return repository.ok ? nameOf(repository.common, repository.prefix) : nameOf(project, "");
}

function nameOf(folder: string, place: string): string {
  let birth = 0n;
  let real = resolve(folder);
  try {
    real = realpathSync(folder);
    const found = statSync(real, { bigint: true });
    // Where the file system knows no birth, the time of the last change stands in its place.
    if (found.birthtimeNs !== found.ctimeNs) birth = found.birthtimeNs;
  } catch {
    // A folder that is gone has the name of its path.
  }
  return digest([real, String(birth), place].join("\0")).slice(0, 32);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
