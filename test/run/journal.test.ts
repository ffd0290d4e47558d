import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { fork } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { append } from "../../src/run/append.ts";
import { decodeLine, encodeLine } from "../../src/run/line.ts";
import { parseJournal } from "../../src/run/parse.ts";
import type { Event } from "../../src/model/event.ts";

const at = "2026-01-01T00:00:00.000Z";
const nudge: Event = { type: "nudged", at };
const failed = (task: string, reason: string): Event => ({ type: "failed", at, task, reason });

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-"));
  path = join(folder, "events.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The events on disk; the lines' own sums are left out. */
function onDisk(): unknown {
  const journal = parseJournal(readFileSync(path));
  return "events" in journal ? journal.events : journal;
}

describe("a line", () => {
  test("reads back as the event that was written, whatever its texts hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (task, reason) => {
        expect(decodeLine(encodeLine(failed(task, reason)))).toEqual(failed(task, reason));
      }),
    );
  });

  test("is no event when any one byte of it was changed", () => {
    const line = Buffer.from(encodeLine(failed("T1", "no résumé")));
    for (let position = 0; position < line.length; position++) {
      const changed = Buffer.from(line);
      changed[position] = (changed[position] ?? 0) ^ 1;
      expect(decodeLine(changed.toString("utf8")), `byte ${position}`).toBeNull();
    }
  });
});

describe("a journal", () => {
  test("cut at any byte holds the events before the cut, and the next writer goes on", () => {
    const events = [failed("T1", "a"), nudge, failed("T2", "ü")];
    append(path, events);
    const whole = readFileSync(path);
    const ends = events.map((_, index) =>
      Buffer.byteLength(
        events
          .slice(0, index + 1)
          .map((event) => `${encodeLine(event)}\n`)
          .join(""),
      ),
    );
    for (let cut = 0; cut <= whole.length; cut++) {
      writeFileSync(path, whole.subarray(0, cut));
      // A line counts once all of it but its line end is there.
      const kept = events.filter((_, index) => cut >= (ends[index] ?? 0) - 1);
      expect(onDisk(), `cut at ${cut}`).toEqual(kept);
      append(path, [nudge]);
      const after = onDisk();
      expect(
        Array.isArray(after) ? after.filter((event: Event) => event.type !== "repaired") : after,
        `appended after a cut at ${cut}`,
      ).toEqual([...kept, nudge]);
    }
  });

  test("with any one byte changed is a prefix of what was written, or is refused; never anything else", () => {
    const events = [failed("T1", "a"), nudge, failed("T2", "b")];
    append(path, events);
    const whole = readFileSync(path);
    for (let position = 0; position < whole.length; position++) {
      const changed = Buffer.from(whole);
      changed[position] = (changed[position] ?? 0) ^ 0x20;
      const journal = parseJournal(changed);
      if ("damagedLine" in journal) continue;
      expect(journal.events, `byte ${position}`).toEqual(events.slice(0, journal.events.length));
    }
  });

  test("damaged in the middle names the line and is not guessed at", () => {
    append(path, [nudge]);
    appendFileSync(path, "rubbish\n");
    append(path, [nudge]);
    expect(onDisk()).toEqual({ damagedLine: 2 });
  });

  test("that was torn, repaired and damaged afterwards is refused all the same", () => {
    append(path, [nudge, failed("T1", "a")]);
    truncateSync(path, readFileSync(path).length - 9);
    append(path, [nudge]);
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, whole.replace('"repaired"', '"repaiRed"'));
    expect(onDisk()).toEqual({ damagedLine: 2 });
  });

  test("a repair that was recorded while another writer was finishing that very line drops nothing", () => {
    // B looked while A's line was half there, and A's write ended after all: the line is whole.
    append(path, [failed("T1", "from A")]);
    append(path, [{ type: "repaired", at, from: 0, bytes: 20 }]);
    expect(onDisk()).toEqual([failed("T1", "from A"), { type: "repaired", at, from: 0, bytes: 20 }]);
  });

  test("filled with zeros at its end, as after a power cut, holds what came before", () => {
    append(path, [nudge]);
    appendFileSync(path, Buffer.alloc(300));
    expect(onDisk()).toEqual([nudge]);
    append(path, [failed("T1", "a")]);
    expect(onDisk()).toMatchObject([{ type: "nudged" }, { type: "repaired", bytes: 300 }, { type: "failed" }]);
  });

  test("keeps every event of 8 processes that write 100 each at once", async () => {
    const writer = join(folder, "writer.mjs");
    writeFileSync(
      writer,
      `import { append } from ${JSON.stringify(join(import.meta.dirname, "../../src/run/append.ts"))};
       for (let i = 0; i < 100; i++) append(${JSON.stringify(path)}, [{ type: "failed", at: "", task: process.argv[2] + "." + i, reason: "x".repeat(200) }]);`,
    );
    const bundled = join(folder, "bundled.mjs");
    const { build } = await import("esbuild");
    await build({ entryPoints: [writer], bundle: true, platform: "node", format: "esm", outfile: bundled });
    const codes = await Promise.all(
      Array.from(
        { length: 8 },
        (_, number) => new Promise((resolve) => fork(bundled, [String(number)]).on("exit", resolve)),
      ),
    );
    expect(codes).toEqual(Array.from({ length: 8 }, () => 0));
    const journal = parseJournal(readFileSync(path));
    // A writer that looks while another is in the middle of its line may record a repair that repairs nothing.
    const tasks =
      "events" in journal ? journal.events.flatMap((event) => (event.type === "failed" ? [event.task] : [])) : [];
    expect(new Set(tasks).size).toBe(800);
    expect(tasks).toHaveLength(800);
  });

  test("is not followed through a symbolic link out of the run's folder", () => {
    writeFileSync(join(folder, "elsewhere"), "");
    symlinkSync(join(folder, "elsewhere"), path);
    expect(() => append(path, [nudge])).toThrow(/ELOOP/);
  });
});
