import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";

const Manifest = z.object({ name: z.string(), version: z.string(), license: z.string(), icon: z.string() });
const Marketplace = z.object({ plugins: z.array(z.object({ name: z.string(), source: z.string() })) });

const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
const manifest = Manifest.parse(read("plugin.json"));

test("the client's manifest is a byte-equal copy of plugin.json", () => {
  expect(readFileSync(".claude-plugin/plugin.json").equals(readFileSync("plugin.json"))).toBe(true);
});

test("package.json has the manifest's version and licence", () => {
  expect(read("package.json")).toMatchObject({
    name: manifest.name,
    version: manifest.version,
    license: manifest.license,
  });
});

test("the changelog begins with the manifest's version", () => {
  expect(/^## (\S+)$/m.exec(readFileSync("CHANGELOG.md", "utf8"))?.[1]).toBe(manifest.version);
});

test("the marketplace offers this folder", () => {
  expect(Marketplace.parse(read(".claude-plugin/marketplace.json")).plugins).toEqual([
    { name: manifest.name, source: "./" },
  ]);
});

test("the icon is a square PNG of at least 512 pixels", () => {
  const png = readFileSync(manifest.icon);
  expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
  expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(512);
  expect(png.readUInt32BE(20)).toBe(png.readUInt32BE(16));
});

test("no lock file makes the client install packages for every user", () => {
  for (const file of ["package-lock.json", "npm-shrinkwrap.json", "bun.lock", "bun.lockb"])
    expect(existsSync(file), file).toBe(false);
});
