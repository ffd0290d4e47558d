import { execFileSync } from "node:child_process";
import { expect } from "vitest";
import { Plan } from "../../src/model/plan.ts";
import { makeProject } from "../commands/world.ts";
import { askIn, type GitHub } from "./server.ts";

/** A project whose remote is octo/shop on GitHub. */
export function shop(files: Readonly<Record<string, string>> = {}, remote = "git@github.com:octo/shop.git"): string {
  const { folder } = makeProject(files);
  execFileSync("git", ["init", "-q"], { cwd: folder });
  if (remote !== "") execFileSync("git", ["remote", "add", "origin", remote], { cwd: folder });
  return folder;
}

/** The plan of an issue, which must be there. */
export async function planOf(github: GitHub, folder: string, ...line: readonly string[]): Promise<Plan> {
  const { out, err } = await askIn(folder, github, ["plan", "--json", ...line]);
  expect(err).toBe("");
  return Plan.parse(JSON.parse(out));
}

/** Why an issue cannot be planned. */
export async function refusalOf(github: GitHub, folder: string, ...line: readonly string[]): Promise<string> {
  const { out, err, code } = await askIn(folder, github, ["plan", ...line]);
  expect([out, code]).toEqual(["", 1]);
  return err;
}

/** `13→14` for each edge, sorted. */
export function edgesOf(plan: Plan): string[] {
  return plan.edges.map(({ from, to }) => `${from}→${to}`).toSorted();
}
