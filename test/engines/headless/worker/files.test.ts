import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  attemptFiles,
  readEnd,
  readKeeper,
  readLaunch,
  readProgress,
  replaceFile,
} from "../../../../src/engines/headless/keeper/files.ts";

test("a file that is absent, torn, of another form or of a later version is read as nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orchestrate-files-"));
  try {
    const files = attemptFiles(folder);
    const all = (): unknown[] => [readLaunch(folder), readKeeper(folder), readProgress(folder), readEnd(folder)];
    const each = [files.launch, files.keeper, files.progress, files.end];
    expect(all()).toEqual([null, null, null, null]);
    for (const text of ["", "{", "null", "[]", '{"schema":2}', '{"schema":1}']) {
      await Promise.all(each.map((file) => writeFile(file, text)));
      expect([text, ...all()]).toEqual([text, null, null, null, null]);
    }
    const keeper = { schema: 1, keeper: { pid: 7, start: "x" }, worker: null };
    replaceFile(files.keeper, keeper);
    expect(readKeeper(folder)).toEqual(keeper);
  } finally {
    await rm(folder, { recursive: true });
  }
});
