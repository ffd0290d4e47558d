import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readRegular, textOfRegular } from "../../src/process/readRegular.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-read-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe("a regular file is read whole", () => {
  test.each([0, 1, 4096, 1024 * 1024, 1024 * 1024 + 1, 3_000_000])("of %i bytes", (size) => {
    const path = join(makeFolder(), "file");
    const bytes = Buffer.alloc(size, "ab\0ÿ");
    writeFileSync(path, bytes);
    const read = readRegular(path);
    expect(read.ok && read.bytes.equals(bytes)).toBe(true);
  });

  test("by a link and by a second name", () => {
    const folder = makeFolder();
    writeFileSync(join(folder, "file"), "text");
    symlinkSync("file", join(folder, "link"));
    linkSync(join(folder, "file"), join(folder, "second"));
    expect(textOfRegular(join(folder, "link"))).toBe("text");
    expect(textOfRegular(join(folder, "second"), { follow: false })).toBe("text");
  });
});

describe("anything else is refused without being opened", () => {
  test.each([
    ["/dev/zero", "a device"],
    ["/dev/urandom", "a device"],
    ["/dev/null", "a device"],
    ["/dev", "a folder"],
  ])("%s, also behind a link", (path, kind) => {
    const link = join(makeFolder(), "link");
    symlinkSync(path, link);
    for (const name of [path, link])
      expect(readRegular(name)).toEqual({ ok: false, why: "not-a-file", reason: `it is ${kind}` });
    expect(readRegular(link, { follow: false })).toMatchObject({ why: "not-a-file", reason: "it is a symbolic link" });
  });

  test("a pipe without a writer, and one behind two links", () => {
    const folder = makeFolder();
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync("pipe", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    for (const name of ["pipe", "a", "b"])
      expect(readRegular(join(folder, name))).toMatchObject({ why: "not-a-file", reason: "it is a pipe" });
  });

  test("a socket", async () => {
    const path = join(makeFolder(), "socket");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect(readRegular(path)).toMatchObject({ why: "not-a-file", reason: "it is a socket" });
    server.close();
  });

  test("a loop of links, a link to nothing, a name that is not there, a part that is no folder", () => {
    const folder = makeFolder();
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    symlinkSync("nowhere", join(folder, "broken"));
    writeFileSync(join(folder, "file"), "");
    const reason = (name: string): string => {
      const read = readRegular(join(folder, name));
      return read.ok ? "read" : `${read.why}: ${read.reason}`;
    };
    expect(["a", "broken", "none", "file/x", "x".repeat(300)].map(reason)).toEqual([
      "missing: its symbolic links form a loop",
      "missing: no such file or directory",
      "missing: no such file or directory",
      "missing: a part of the path is not a folder",
      "missing: the name is too long",
    ]);
  });
});

describe("no more than the limit is read", () => {
  test("of a sparse file of 1 TB", () => {
    const path = join(makeFolder(), "huge");
    writeFileSync(path, "");
    truncateSync(path, 1024 ** 4);
    expect(readRegular(path)).toEqual({ ok: false, why: "too-large", reason: "it is larger than 64 MB" });
  });

  test("to the byte", () => {
    const path = join(makeFolder(), "file");
    writeFileSync(path, "x".repeat(10));
    expect(readRegular(path, { limit: 10 })).toMatchObject({ ok: true });
    appendFileSync(path, "x");
    expect(readRegular(path, { limit: 10 })).toEqual({
      ok: false,
      why: "too-large",
      reason: "it is larger than 10 bytes",
    });
  });

  test.runIf(process.platform === "linux")("of a file whose size is a lie", () => {
    expect(textOfRegular("/proc/self/status")).toContain("Name:");
    expect(readRegular("/proc/self/status", { limit: 20 })).toMatchObject({ why: "too-large" });
    expect(readRegular("/proc/kcore")).toMatchObject({ ok: false });
  });
});

test("a folder is not a file, with or without a slash at its end", () => {
  const folder = makeFolder();
  mkdirSync(join(folder, "sub"));
  for (const name of ["sub", "sub/"]) expect(textOfRegular(join(folder, name))).toBeNull();
});
