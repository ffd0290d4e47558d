import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { until } from "../until.ts";
import { findClient, ownClient } from "./find.ts";
import { clientVersion } from "./version.ts";

const lock = `${ownClient}.lock`;

/** Fetches the client into the project's own place where there is none yet. Resolves with null, or with why there is none. */
export async function fetchClient(): Promise<string | null> {
  if (findClient() !== null) return null;
  const named = process.env["ORCHESTRATE_CLAUDE"];
  if (named !== undefined && named !== "") return `ORCHESTRATE_CLAUDE names ${named}, which is no program`;
  // Test files run side by side: one of them fetches.
  await until("another test file that fetches the client", () => takeLock() || findClient() !== null);
  try {
    if (findClient() === null) await install();
    return findClient() === null ? `npm installed no client in ${ownClient}` : null;
  } catch (error) {
    return `the client could not be fetched: ${String(error)}`;
  } finally {
    if (holder() === process.pid) rmSync(lock, { force: true });
  }
}

async function install(): Promise<void> {
  process.stdout.write(`fetching the Claude Code client ${clientVersion} for its tests\n`);
  const wanted = `@anthropic-ai/claude-code@${clientVersion}`;
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  await promisify(execFile)("npm", ["install", "--prefix", ownClient, wanted, ...quiet]);
}

/** False when another process that is still there has it. */
function takeLock(): boolean {
  mkdirSync(ownClient, { recursive: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const other = holder();
    if (other !== null && !lives(other)) rmSync(lock, { force: true });
    return false;
  }
}

function holder(): number | null {
  try {
    return Number(readFileSync(lock, "utf8")) || null;
  } catch {
    return null;
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
