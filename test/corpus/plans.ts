import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { link } from "../../src/link/link.ts";
import { readFiles } from "../../src/lists/readList.ts";
import { defaultConfig } from "../../src/model/config.ts";
import { plan } from "../../src/plan/plan.ts";

/** What `plan --json` says about a list, as far as it decides what runs when; or why there is no plan. */
export type Planned =
  | {
      readonly tasks: readonly { readonly id: string; readonly status: string }[];
      readonly edges: readonly {
        readonly from: string;
        readonly to: string;
        readonly kind: string;
        readonly evidence: string;
      }[];
      readonly apart: readonly { readonly tasks: readonly string[]; readonly on: string }[];
      readonly diagnostics: readonly string[];
    }
  | { readonly refused: string };

/** Plans the list in a file or a folder of files, outside any repository. */
export function planOf(path: string): Planned {
  const files = filesIn(path).map((file) => ({ file, bytes: readFileSync(file) }));
  const list = readFiles(files);
  const graph = list.ok ? link(list.value, defaultConfig) : list;
  if (!graph.ok)
    return { refused: graph.diagnostics.map(({ rule, message }) => `${rule}: ${message}`).join("\n") || "no list" };
  const { tasks, edges, conflicts, diagnostics } = plan(graph.value, defaultConfig, null);
  return {
    tasks: tasks.map(({ id, status }) => ({ id, status })),
    edges: edges.map(({ from, to, kind, evidence }) => ({ from, to, kind, evidence })),
    apart: conflicts.map(({ tasks: pair, on }) => ({ tasks: pair, on })),
    diagnostics: diagnostics.map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`),
  };
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .toSorted();
}
