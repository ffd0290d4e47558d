import type { Repository } from "../../model/repository.ts";
import type { ListedTask } from "../../model/task.ts";
import type { Finding } from "./finding.ts";
import { placeOf } from "../statements/mention.ts";
import { writerKey, type Writers } from "./writers.ts";

/** "What a file imports is changed first": from the import graph of the code that is there. */
export function importsFirst(tasks: readonly ListedTask[], writers: Writers, repository: Repository): Finding[] {
  return [...repository.imports].flatMap(([path, imported]) => {
    const users = writers.get(writerKey(path, repository)) ?? [];
    return imported.flatMap((other) =>
      (writers.get(writerKey(other, repository)) ?? []).flatMap((before) =>
        users.flatMap((after) => (before === after ? [] : importFinding(tasks, before, after, path, other))),
      ),
    );
  });
}

function importFinding(
  tasks: readonly ListedTask[],
  before: number,
  after: number,
  path: string,
  imported: string,
): Finding[] {
  const [maker, user] = [tasks[before], tasks[after]];
  if (maker === undefined || user === undefined) return [];
  const name = imported.slice(imported.lastIndexOf("/") + 1).replace(/\.\w+$/, "");
  const speaks = name.length > 3 && user.lines.slice(0, 50).some((line) => line.text.includes(name));
  return [
    {
      before,
      after,
      kind: "inferred",
      evidence: `${path}, which \`${user.id}\` changes, imports ${imported}, which \`${maker.id}\` changes`,
      source: placeOf(user, path),
      confidence: before > after ? 0.35 : speaks ? 0.75 : 0.5,
    },
  ];
}
