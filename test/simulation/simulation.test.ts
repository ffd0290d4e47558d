import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { bugs, planting } from "./bugs.ts";
import { simulate } from "./simulate.ts";

const root = resolve(import.meta.dirname, "../..");

test("plans by chance come to their end through kills, full disks, power cuts and people, and every promise holds", () => {
  for (let seed = 1; seed <= 300; seed++) expect(simulate(seed).violations, `pnpm simulate --seed ${seed}`).toEqual([]);
});

test("a seed replays its run to the letter", () => {
  const logs = [[], []].map((lines: string[]) => {
    simulate(7, (line) => lines.push(line));
    return lines;
  });
  expect(logs[0]?.length).toBeGreaterThan(10);
  expect(logs[0]).toEqual(logs[1]);
});

describe("a bug that is planted is found:", () => {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-bugs-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(bugs.map((bug, number) => ({ bug, number, says: bug.says })))("$says", async ({ bug, number }) => {
    const outfile = join(folder, `bug${number}.mjs`);
    const entryPoints = [join(root, "test/simulation/simulate.ts")];
    const plugins = [planting(bug, root)];
    await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", logLevel: "silent", plugins });
    const planted = (await import(pathToFileURL(outfile).href)) as { simulate: typeof simulate };
    // Another seed shows it when the simulation itself has changed.
    expect(planted.simulate(bug.seed).violations, "`pnpm simulate --bugs` finds another seed").not.toEqual([]);
    expect(simulate(bug.seed).violations).toEqual([]);
  });
});
