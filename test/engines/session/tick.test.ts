import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { append } from "../../../src/run/append.ts";
import { createRun, openRun, type Run } from "../../../src/run/store.ts";
import { tickDone } from "../../../src/run/tick.ts";
import { makePlan } from "../../makePlan.ts";

/** Called before each call of the file system in which an editor may be faster. */
const fast: { before: (name: string) => void } = vi.hoisted(() => ({ before: () => undefined }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const wrapped = (name: "readSync" | "writeSync" | "statSync") => {
    const call = real[name] as (...all: unknown[]) => unknown;
    return (...all: unknown[]): unknown => {
      fast.before(name);
      return call(...all);
    };
  };
  return { ...real, readSync: wrapped("readSync"), writeSync: wrapped("writeSync"), statSync: wrapped("statSync") };
});

let project: string;
beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "tick-")));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** A run whose one task is done and has its box on the second line of `text`. */
function doneRun(text: string, was: string, done: string): Run {
  writeFileSync(join(project, "list"), text);
  const lineText = (text.split("\n")[1] ?? "").replace(/\r$/, "");
  const box = {
    file: "list",
    line: 2,
    column: lineText.indexOf(was, lineText.search(/[[:]/)) + 1,
    was,
    done,
    lineText,
  };
  const plan = makePlan({ tasks: [{ id: "T1", box }] });
  const run = createRun(project, plan, {
    session: "s1",
    engine: "session",
    asked: { sources: ["list"], flags: {} },
  })!;
  append(join(run.folder, "events.jsonl"), [
    { type: "dispatched", at: "", task: "T1", attempt: 1, claim: "c", client: null, before: {} },
    { type: "done", at: "", task: "T1", summary: "", files: [], concerns: [] },
  ]);
  const opened = openRun(project, run.state.run);
  if (!opened.ok) throw new Error("the run does not open");
  return opened.value;
}

const list = (): string => readFileSync(join(project, "list"), "utf8");

test("a box is ticked in place: its one byte changes", () => {
  const run = doneRun("\uFEFF# Ünicode\r\n- [ ] T1 Écrire\r\n- [ ] T2", " ", "x");
  expect(tickDone(run)).toMatchObject([{ type: "ticked", task: "T1" }]);
  expect(list()).toBe("\uFEFF# Ünicode\r\n- [x] T1 Écrire\r\n- [ ] T2");
});

test("a status of another length is written too, and nothing else changes", () => {
  const run = doneRun('{\n  "status": "pending",\n  "id": 1 }', "pending", "done");
  expect(tickDone(run)).toMatchObject([{ type: "ticked" }]);
  expect(list()).toBe('{\n  "status": "done",\n  "id": 1 }');
});

test("a line that somebody rewrote meanwhile is left as it is, with the reason", () => {
  const run = doneRun("# A\n- [ ] T1 Write\n", " ", "x");
  writeFileSync(join(project, "list"), "# A\n- [ ] T1 Write it all\n");
  expect(tickDone(run)).toMatchObject([{ type: "not-ticked", reason: "line 2 has changed" }]);
  expect(list()).toBe("# A\n- [ ] T1 Write it all\n");
});

test("a list that is gone is said to be, and stops nothing", () => {
  const run = doneRun("# A\n- [ ] T1 Write\n", " ", "x");
  rmSync(join(project, "list"));
  expect(tickDone(run)).toMatchObject([{ type: "not-ticked" }]);
});

const accents = "# Café, crème\n- [ ] T1 Écrire l’été\n- [ ] T2 naïve\n";
const utf16 = (text: string, big: boolean): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return big ? bytes.swap16() : bytes;
};

describe("a list that is saved in another encoding meanwhile", () => {
  test.each([
    ["Latin-1", Buffer.from("# Café, crème\n- [ ] T1 Écrire l'été\n", "latin1")],
    [
      "Windows-1252, with a curly apostrophe",
      Buffer.concat([Buffer.from("# Caf"), Buffer.from([0xe9, 0x92, 0x0a]), Buffer.from("- [ ] T1 x\n")]),
    ],
    ["UTF-16, little-endian", utf16(accents, false)],
    ["UTF-16, big-endian", utf16(accents, true)],
    ["UTF-16 without a mark", Buffer.from(accents, "utf16le")],
    ["UTF-8 with a NUL byte in it", Buffer.from(`${accents}\0`)],
    ["UTF-8 cut in the middle of a character", Buffer.from(accents).subarray(0, -4)],
  ])("as %s is left byte by byte as it is, and the reason names the encoding", (_, bytes) => {
    const run = doneRun(accents, " ", "x");
    writeFileSync(join(project, "list"), bytes);
    expect(tickDone(run)).toMatchObject([
      { type: "not-ticked", reason: expect.stringContaining("save it as UTF-8") as string },
    ]);
    expect(readFileSync(join(project, "list"))).toEqual(bytes);
  });

  test.each([
    ["with a byte order mark now", `\ufeff${accents}`],
    ["without the one that it had", accents.slice(2)],
    ["with CRLF", accents.replaceAll("\n", "\r\n")],
    ["with more before the box", `# Naïveté ${"é".repeat(500)}\n${accents}`],
  ])("as UTF-8 %s gets its tick in the right place", (_, text) => {
    const run = doneRun(accents, " ", "x");
    writeFileSync(join(project, "list"), text);
    expect(tickDone(run)).toMatchObject([{ type: "ticked" }]);
    expect(list()).toBe(text.replace("[ ] T1", "[x] T1"));
  });

  test("gets its tick once it is UTF-8 again, and the same reason is not said twice", () => {
    const run = doneRun(accents, " ", "x");
    writeFileSync(join(project, "list"), utf16(accents, false));
    const told = tickDone(run);
    append(join(run.folder, "events.jsonl"), told);
    const reopened = openRun(project, run.state.run);
    if (!reopened.ok) throw new Error("the run does not open");
    expect([told.length, tickDone(reopened.value, true)]).toEqual([1, []]);
    writeFileSync(join(project, "list"), accents);
    expect(tickDone(reopened.value)).toEqual([]);
    expect(tickDone(reopened.value, true)).toMatchObject([{ type: "ticked" }]);
  });
});

describe("a list that is something else meanwhile", () => {
  test.each([
    ["a folder", (path: string) => mkdirSync(path)],
    ["a FIFO", (path: string) => execFileSync("mkfifo", [path])],
    ["a link to nowhere", (path: string) => symlinkSync("nowhere", path)],
    ["an empty file", (path: string) => writeFileSync(path, "")],
    ["cut before the box", (path: string) => writeFileSync(path, accents.slice(0, 8))],
  ])("as %s is not ticked, with a reason, and nothing waits", (_, put) => {
    const run = doneRun(accents, " ", "x");
    rmSync(join(project, "list"));
    put(join(project, "list"));
    expect(tickDone(run)).toMatchObject([{ type: "not-ticked" }]);
  });

  test("as a link to the list in another place is ticked there, and stays a link", () => {
    const run = doneRun(accents, " ", "x");
    writeFileSync(join(project, "real"), accents);
    rmSync(join(project, "list"));
    symlinkSync("real", join(project, "list"));
    expect(tickDone(run)).toMatchObject([{ type: "ticked" }]);
    expect([lstatSync(join(project, "list")).isSymbolicLink(), list()]).toEqual([
      true,
      accents.replace("[ ] T1", "[x] T1"),
    ]);
  });
});

describe("a list that an editor writes at the very moment", () => {
  /** Does something before such calls within the tick, after the first `skipped` of them and as often as it says. */
  function meanwhile(name: string, skipped: number, times: number, act: () => void): void {
    let left = times;
    let over = skipped;
    fast.before = (called) => {
      if (called !== name || over-- > 0 || left === 0) return;
      left--;
      const own = fast.before;
      fast.before = () => undefined;
      act();
      fast.before = own;
    };
    onTestFinished(() => {
      fast.before = () => undefined;
    });
  }
  const path = (): string => join(project, "list");
  const moved = `# More\n\n${accents}`;
  const saveAtomically = (): void => {
    writeFileSync(`${path()}.new`, moved);
    renameSync(`${path()}.new`, path());
  };

  test.each([
    ["in place, before the bytes are compared", "readSync", 2, () => writeFileSync(path(), moved)],
    ["as a new file, before the bytes are compared", "readSync", 2, saveAtomically],
    ["as a new file, after they were", "writeSync", 0, saveAtomically],
    ["as a new file, after the tick was written", "statSync", 1, saveAtomically],
    ["in place, after the tick was written", "statSync", 1, () => writeFileSync(path(), moved)],
  ] as const)("%s: the tick is in what the editor saved, and nothing else is changed", (_, when, skipped, save) => {
    const run = doneRun(accents, " ", "x");
    meanwhile(when, skipped, 1, save);
    expect(tickDone(run)).toMatchObject([{ type: "ticked" }]);
    expect(list()).toBe(moved.replace("[ ] T1", "[x] T1"));
  });

  test("again and again: after some tries the journal says that it is not ticked", () => {
    const run = doneRun(accents, " ", "x");
    let saved = 0;
    meanwhile("statSync", 0, Infinity, () => {
      writeFileSync(path(), accents);
      saved++;
    });
    expect(tickDone(run)).toMatchObject([
      { type: "not-ticked", reason: expect.stringContaining("rewrote the list at the same moment") as string },
    ]);
    expect([saved, list()]).toEqual([33, accents]);
  });
});
