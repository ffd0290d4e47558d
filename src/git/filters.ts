import { shellWord, visible } from "../text/escape.ts";
import { runGit } from "./run.ts";

const parts = /^filter\.(.+)\.(clean|smudge|process|required)$/s;

/**
 * Why tracked files would not pass their filter (git-crypt, Git LFS) in our git calls, and what to do: only the repository's own
 * config names its program, which is then never run. Null where all is well. One process, three where it has such a filter.
 */
export async function filterProblem(project: string): Promise<string | null> {
  const listed = await runGit(project, ["config", "--show-scope", "-z", "--get-regexp", "^filter\\..+\\."]);
  if (listed.code !== 0) return null;
  const own = new Map<string, Map<string, string>>();
  const trusted = new Set<string>();
  const fields = listed.out.split("\0");
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [name = "", ...lines] = (fields[at + 1] ?? "").split("\n");
    const [, filter, part] = parts.exec(name) ?? [];
    const value = lines.join("\n");
    if (filter === undefined || part === undefined || value === "") continue;
    if (fields[at] === "local" || fields[at] === "worktree")
      own.set(filter, (own.get(filter) ?? new Map<string, string>()).set(part, value));
    else if (part === "clean" || part === "process") trusted.add(filter);
  }
  const off = [...own].filter(
    ([filter, set]) => !trusted.has(filter) && [...set.keys()].some((key) => key !== "required"),
  );
  if (off.length === 0) return null;
  const files = await filteredFiles(project);
  const used = off.flatMap(([filter, set]) => {
    const its = files.get(filter) ?? [];
    if (its.length === 0) return [];
    const commands = [...set].map(
      ([part, value]) => `\`git config --global ${shellWord(`filter.${filter}.${part}`)} ${shellWord(value)}\``,
    );
    const rest = its.length > 3 ? ` and ${its.length - 3} more` : "";
    return [
      `only this repository's own config sets up the filter \`${filter}\` of ${its.slice(0, 3).join(", ")}${rest}, and no program named there is run: workers would read such files as stored, and theirs would be committed unfiltered. If you trust it, put it into your own config: ${commands.join(", ")}`,
    ];
  });
  return used.length === 0 ? null : visible(used.join("; "));
}

/** Tracked files of the whole checkout, by the filter that attributes give them. */
async function filteredFiles(project: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  const tracked = await runGit(project, ["ls-files", "-z", ":/"]);
  const asked = await runGit(project, ["check-attr", "-z", "--stdin", "filter"], { input: tracked.out });
  const fields = asked.out.split("\0");
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const filter = fields[at + 2] ?? "";
    const files = found.get(filter) ?? [];
    files.push(fields[at] ?? "");
    found.set(filter, files);
  }
  return found;
}
