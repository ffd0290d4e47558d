import { closeSync, constants, existsSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { readRegular } from "../process/readRegular.ts";
import { stateFolder } from "./current.ts";

/** One line of `.orchestrate/claims.jsonl`: a run that wants the project. */
interface ProjectClaim {
  readonly run: string;
  /** Random: which of two claims made at once is whose. */
  readonly token: string;
  /** The token of the claim in force when the claimer looked, or null. */
  readonly after: string | null;
}

/**
 * The claim in force in a project, or null where none was ever made. The file is the lock, as a run's journal is for its
 * supervisors: a claim counts only if the one that it names is in force at that point of the file. So of several commands that
 * saw no open run and start one each, exactly one gets the project, and one that is killed leaves no lock behind.
 */
export function projectHolder(project: string): Pick<ProjectClaim, "run" | "token"> | null {
  return holderIn(claimsOf(project));
}

/**
 * Claims the project for a run, if nobody has claimed it since `seen`, the token in force then, was looked up. Returns the
 * run that has it now: this one, or the one that was faster.
 */
export function claimProject(project: string, run: string, seen: string | null): string {
  const path = join(project, stateFolder, "claims.jsonl");
  for (;;) {
    const token = randomBytes(12).toString("hex");
    appendLine(path, JSON.stringify({ run, token, after: seen } satisfies ProjectClaim));
    const claims = claimsOf(project);
    const holder = holderIn(claims);
    // Written onto the torn end of a killed writer, it is no claim at all.
    if (claims.some((claim) => claim.token === token)) return holder?.run ?? run;
  }
}

function holderIn(claims: readonly ProjectClaim[]): ProjectClaim | null {
  let holder: ProjectClaim | null = null;
  for (const claim of claims) if (claim.after === (holder?.token ?? null)) holder = claim;
  return holder;
}

function claimsOf(project: string): ProjectClaim[] {
  const path = join(project, stateFolder, "claims.jsonl");
  if (!existsSync(path)) return [];
  const read = readRegular(path, { follow: false });
  if (!read.ok) throw new Error(`the claims on the project cannot be read (${read.reason})`);
  return read.bytes
    .toString("utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        const { run, token, after } = JSON.parse(line) as Partial<ProjectClaim>;
        return typeof run === "string" && typeof token === "string" ? { run, token, after: after ?? null } : [];
      } catch {
        return [];
      }
    });
}

/** One write at the end of the file, in the order of the kernel, behind a line end. */
function appendLine(path: string, line: string): void {
  const file = openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    const ended = size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a);
    const bytes = Buffer.from(`${ended ? "" : "\n"}${line}\n`);
    if (writeSync(file, bytes) < bytes.length)
      throw Object.assign(new Error("the claim on the project could not be written whole"), { code: "ENOSPC" });
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
