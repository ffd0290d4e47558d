import { withLedger, git } from "./ledger.ts";
import { branchPrefix } from "./names.ts";

/** Why a person's text cannot be taken as the name of a branch of theirs, and what to write instead; null where it can. Two processes at most. */
export async function branchNameProblem(project: string, name: string): Promise<string | null> {
  if (name.startsWith("refs/heads/")) return `\`${name}\` is a full ref: write \`${name.slice("refs/heads/".length)}\``;
  if (name.startsWith("refs/")) return `\`${name}\` is not a local branch: write the name of one, as \`feature/x\``;
  if (name === "HEAD" || name === "@" || name.includes("@{"))
    return `\`${name}\` stands for another branch: write the name of that branch, as \`feature/x\``;
  if (name === branchPrefix || name.startsWith(`${branchPrefix}/`))
    return `\`${name}\` is among our own branches: name one of yours`;
  const valid = await withLedger(project, (ledger) => git(ledger, ["check-ref-format", "--branch", name]));
  if ("ok" in valid) return valid.reason;
  return valid.code === 0 ? null : `\`${name}\` is not a name for a branch`;
}
