import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { clientPath } from "./find.ts";

const run = promisify(execFile);

/** A home folder for the client: no account, no settings of the person, no network beyond the stand-in. */
export interface Home extends AsyncDisposable {
  readonly folder: string;
  readonly key: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Project extends AsyncDisposable {
  readonly folder: string;
  /** Runs git there and gives what it printed. */
  git(...args: string[]): Promise<string>;
}

async function temporaryFolder(name: string): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `orchestrate-${name}-`)));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 10 }) };
}

/** Makes a home whose client has been set up: no first-start questions, and these project folders are trusted. */
export async function makeHome(...trusted: string[]): Promise<Home> {
  const { folder, [Symbol.asyncDispose]: remove } = await temporaryFolder("home");
  const key = "sk-ant-stand-in-for-a-real-key-0000";
  await mkdir(join(folder, "tmp"));
  await writeFile(
    join(folder, ".claude.json"),
    JSON.stringify({
      hasCompletedOnboarding: true,
      customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
      projects: Object.fromEntries(trusted.map((project) => [project, { hasTrustDialogAccepted: true }])),
    }),
  );
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    TMPDIR: join(folder, "tmp"),
    CLAUDE_CODE_TMPDIR: join(folder, "tmp"),
    LANG: "C.UTF-8",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    IS_SANDBOX: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
  };
  return { folder, key, env, [Symbol.asyncDispose]: remove };
}

/** Makes a git repository with these files in one commit; in a folder of that `name` if one is given. */
export async function makeProject(files: Readonly<Record<string, string>> = {}, name = ""): Promise<Project> {
  const { folder: root, [Symbol.asyncDispose]: remove } = await temporaryFolder("project");
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  const git = async (...args: string[]): Promise<string> => {
    const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    return (await run("git", [...who, ...args], { cwd: folder })).stdout;
  };
  for (const [path, text] of Object.entries({ "README.md": "# A project\n", ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=Begin");
  return { folder, git, [Symbol.asyncDispose]: remove };
}

/** Installs a plugin into the home as a person does: `plugin` is `<name>@<marketplace>`, `marketplace` a folder. */
export async function installPlugin(home: Home, marketplace: string, plugin: string): Promise<void> {
  const options = { cwd: home.folder, env: { ...home.env } };
  await run(clientPath(), ["plugin", "marketplace", "add", marketplace], options);
  await run(clientPath(), ["plugin", "install", plugin], options);
}
