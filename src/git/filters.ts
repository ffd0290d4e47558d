import { shellWord, visible } from "../text/escape.ts";
import { fromProject } from "./repository.ts";
import { git, inCheckout, type Ledger } from "./ledger.ts";

const parts = /^filter\.(.+)\.(clean|smudge|process|required)$/s;

/**
 * Why tracked files would not pass their filter (git-crypt, Git LFS) in our git calls, and what to do: only the repository's own
 * config names its program, which is then never run. Null where all is well. No process, two where it has such a filter.
 */
export async function filterProblem(ledger: Ledger): Promise<string | null> {
  const own = new Map<string, Map<string, string>>();
  const trusted = new Set<string>();
  for (const [settings, isOwn] of [
    [ledger.settings.own, true],
    [ledger.settings.theirs, false],
  ] as const)
    for (const { name, value } of settings) {
      const [, filter, part] = parts.exec(name) ?? [];
      if (filter === undefined || part === undefined || value === "") continue;
      if (isOwn) own.set(filter, (own.get(filter) ?? new Map<string, string>()).set(part, value ?? "true"));
      else if (part === "clean" || part === "process") trusted.add(filter);
    }
  const off = [...own].filter(
    ([filter, set]) => !trusted.has(filter) && [...set.keys()].some((key) => key !== "required"),
  );
  if (off.length === 0) return null;
  const files = await filteredFiles(ledger);
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
async function filteredFiles(ledger: Ledger): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  const at = inCheckout(ledger);
  const tracked = await git(ledger, ["ls-files", "-z"], at);
  const asked = await git(ledger, ["check-attr", "-z", "--stdin", "filter"], { ...at, input: tracked.out });
  const fields = asked.out.split("\0");
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const filter = fields[at + 2] ?? "";
    const files = found.get(filter) ?? [];
    files.push(fromProject(ledger.repository, fields[at] ?? ""));
    found.set(filter, files);
  }
  return found;
}
