import type { Doctor, GitHubAccess } from "../model/doctor.ts";
import { oneLine } from "../text/oneLine.ts";
import { pad, paint, wrap, type Style } from "../text/layout.ts";

/** What was found on a machine, before anybody judges it. Sizes in bytes. */
export interface Facts {
  readonly node: string;
  /** Why git or the repository will not do, or null. */
  readonly repositoryProblem: string | null;
  readonly git: string | null;
  readonly uncommitted: number;
  /** In place of `claude`, or null. */
  readonly workerCommand: string | null;
  /** Why that program cannot begin, or null. */
  readonly workerProblem: string | null;
  readonly claude: { readonly version: string; readonly login: Login } | null;
  readonly gh: { readonly version: string; readonly loggedIn: boolean } | null;
  /** What `gh` may do on GitHub, where the project is; null when it is not, or `gh` is not there. */
  readonly github: GitHubAccess | null;
  /** Why the options cannot be read, or null. */
  readonly configProblem: string | null;
  readonly maxWorkers: number | null;
  readonly diskFree: number | null;
  /** Of the files of HEAD: what one worktree takes. */
  readonly treeSize: number;
  readonly memory: number;
  readonly processors: number;
  /** Name of the project's file system when it is a remote or a foreign one, or null. */
  readonly fileSystem: { readonly name: string; readonly remote: boolean } | null;
  /** Runs that are over and whose worktrees are still there. */
  readonly leftovers: readonly string[];
}

/** `unknown` for a client that cannot be asked. */
export type Login = { readonly state: "in"; readonly by: string } | { readonly state: "out" | "unknown" };

type Finding = Doctor["findings"][number];

const mebibyte = 1024 * 1024;
/** What one worker takes beside its worktree. */
const each = { memory: 500 * mebibyte, disk: 100 * mebibyte };
const recommendedDisk = 5 * 1024 * mebibyte;
/** The client's own cap. */
const mostWorkers = 20;

/** Judges what was found. Pure. */
export function judge(facts: Facts): Doctor {
  const wanted = facts.maxWorkers;
  const byMemory = Math.floor(facts.memory / each.memory);
  const byDisk = facts.diskFree === null ? mostWorkers : Math.floor(facts.diskFree / (each.disk + facts.treeSize));
  const bearable = Math.max(0, Math.min(mostWorkers, facts.processors, byMemory, byDisk));
  const findings = [
    fine("node", facts.node),
    ...repository(facts),
    ...client(facts),
    facts.gh === null
      ? warn("gh", "not found", "install GitHub's `gh` if you want issues and pull requests; nothing else needs it")
      : facts.gh.loggedIn
        ? fine("gh", `${facts.gh.version}, logged in`)
        : warn("gh", `${facts.gh.version}, not logged in`, "run `gh auth login` if you want issues and pull requests"),
    ...github(facts),
    ...(facts.configProblem === null
      ? []
      : [missing("options", facts.configProblem, "mend .orchestrate.yml (docs/config.md)")]),
    disk(facts, wanted),
    memory(facts, wanted),
    processors(facts, wanted),
    workers(wanted, bearable),
    ...fileSystem(facts),
    ...(facts.leftovers.length === 0
      ? []
      : [
          warn(
            "leftovers",
            `worktrees of runs that are over: ${facts.leftovers.join(", ")}`,
            "`clean` removes those whose work is merged",
          ),
        ]),
  ];
  return { schema: 1, ok: findings.every(({ level }) => level !== "missing"), workers: { wanted, bearable }, findings };
}

function repository({ repositoryProblem, git, uncommitted }: Facts): Finding[] {
  if (git === null) return [missing("git", "not found", "install git 2.38 or newer")];
  if (repositoryProblem !== null)
    return [missing("repository", repositoryProblem, "headless workers need it; a session does not")];
  return [
    fine("git", git),
    uncommitted === 0
      ? fine("repository", "has a commit, and nothing uncommitted")
      : warn(
          "repository",
          `${uncommitted} changed file${uncommitted === 1 ? "" : "s"} not committed`,
          "commit what workers must see: they begin at a commit",
        ),
  ];
}

/** Fewer requests than a large issue takes. */
const fewRequests = 200;

function github({ github: access }: Facts): Finding[] {
  if (access === null) return [];
  const { where, problem, scopes, left, limit } = access;
  if (problem !== null) return [warn("github", `${where}: ${problem.found}`, problem.fix)];
  const rights =
    scopes === null ? "the token states no scopes" : scopes.length === 0 ? "no scopes" : `scopes ${scopes.join(", ")}`;
  const found = `${where}: ${left ?? "unknown"} of ${limit ?? "unknown"} requests left this hour; ${rights}`;
  if (left !== null && left < fewRequests)
    return [warn("github", found, "wait for the next hour before you read issues")];
  return scopes !== null && !scopes.includes("repo")
    ? [warn("github", found, "issues of private repositories need `gh auth refresh -s repo`")]
    : [fine("github", found)];
}

function client({ workerCommand, workerProblem, claude }: Facts): Finding[] {
  if (workerCommand !== null && workerProblem !== null)
    return [
      missing(
        "worker",
        `\`${workerCommand}\` (option \`worker\`) cannot begin: ${workerProblem}`,
        "mend that, or name another program",
      ),
    ];
  if (workerCommand !== null)
    return [fine("claude", `not needed: workers are \`${workerCommand}\` (option \`worker\`)`)];
  if (claude === null)
    return [
      missing("claude", "not found on PATH", "install Claude Code, or name another worker in the option `worker`"),
    ];
  const { login } = claude;
  const found = fine("claude", claude.version);
  switch (login.state) {
    case "in":
      return [found, fine("login", `logged in (${login.by})`)];
    case "out":
      return [found, missing("login", "not logged in", "run `claude` and type /login, or set ANTHROPIC_API_KEY")];
    case "unknown":
      return [
        found,
        warn("login", "this client cannot be asked", "update it; a run stops at once when nobody is logged in"),
      ];
    default: {
      const never: never = login;
      throw new Error(`unknown login ${JSON.stringify(never)}`);
    }
  }
}

function disk({ diskFree, treeSize }: Facts, wanted: number | null): Finding {
  if (diskFree === null) return warn("disk", "cannot be measured", null);
  const one = each.disk + treeSize;
  const found = `${size(diskFree)} free; a worker takes about ${size(one)}`;
  const needed = (wanted ?? 1) * one;
  if (diskFree < one) return missing("disk", found, `free ${size(one - diskFree)} at least`);
  if (diskFree < needed)
    return warn("disk", found, `${wanted ?? 1} workers take about ${size(needed)}: free some, or lower \`maxWorkers\``);
  return diskFree < recommendedDisk
    ? warn("disk", found, `${size(recommendedDisk)} are recommended`)
    : fine("disk", found);
}

function memory(facts: Facts, wanted: number | null): Finding {
  const found = `${size(facts.memory)} available; a worker takes about ${size(each.memory)}`;
  const needed = (wanted ?? 1) * each.memory;
  return facts.memory < needed
    ? warn(
        "memory",
        found,
        `${wanted ?? 1} workers take about ${size(needed)}: lower \`maxWorkers\`, or set \`adaptive: true\``,
      )
    : fine("memory", found);
}

function processors(facts: Facts, wanted: number | null): Finding {
  const found = `${facts.processors}`;
  return wanted !== null && wanted > facts.processors
    ? warn("processors", found, `at most as many workers as processors are recommended; \`maxWorkers\` is ${wanted}`)
    : fine("processors", found);
}

function workers(wanted: number | null, bearable: number): Finding {
  const found = `this machine bears ${bearable} at once${wanted === null ? "" : `; \`maxWorkers\` is ${wanted}`}`;
  return wanted === null || wanted <= bearable
    ? fine("workers", found)
    : warn("workers", found, `set \`maxWorkers: ${Math.max(1, bearable)}\`, or \`adaptive: true\``);
}

function fileSystem({ fileSystem: found }: Facts): Finding[] {
  if (found === null) return [];
  return found.remote
    ? [
        missing(
          "file system",
          `${found.name}, which is remote`,
          "keep the project on a local disk: several processes append to the journal",
        ),
      ]
    : [
        warn(
          "file system",
          found.name,
          "a local disk of this system is safer and faster: several processes append to the journal",
        ),
      ];
}

/** The findings as text, the verdict last. */
export function showDoctor(doctor: Doctor, style: Style): string {
  const width = Math.max(...doctor.findings.map(({ name }) => name.length));
  const sign = { fine: "✓", warning: "!", missing: "✗" };
  const colour = { fine: "green", warning: "yellow", missing: "red" } as const;
  const indent = " ".repeat(width + 4);
  const lines = doctor.findings.flatMap(({ name, level, found, fix }) => [
    ...wrap(`${sign[level]} ${pad(name, width)}  ${oneLine(found)}`, style.width, indent).map((line, index) =>
      index === 0 ? paint(style, colour[level], line.slice(0, 1)) + line.slice(1) : line,
    ),
    ...(fix === null
      ? []
      : wrap(oneLine(fix), style.width, indent).map((line, index) => (index === 0 ? indent + line : line))),
  ]);
  const bad = doctor.findings.filter(({ level }) => level === "missing").map(({ name }) => name);
  const verdict = doctor.ok
    ? "Headless runs can start here."
    : `Headless runs cannot start here yet: ${bad.join(", ")}.`;
  return [...lines, "", verdict].join("\n");
}

function fine(name: string, found: string): Finding {
  return { name, level: "fine", found, fix: null };
}

function warn(name: string, found: string, fix: string | null): Finding {
  return { name, level: "warning", found, fix };
}

function missing(name: string, found: string, fix: string): Finding {
  return { name, level: "missing", found, fix };
}

function size(bytes: number): string {
  return bytes >= 1024 * mebibyte ? `${(bytes / 1024 / mebibyte).toFixed(1)} GB` : `${Math.round(bytes / mebibyte)} MB`;
}
