import { isMap, isScalar, type Node } from "yaml";
import { configInput, defaultConfig, type Config, type ConfigInput } from "../model/config.ts";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import { explainIssues, parseData, toPlain, type Data } from "./data.ts";

/** Names of the options, as `.orchestrate.yml` and front matter spell them. */
export function configKeys(): readonly string[] {
  return Object.keys(configInput().shape);
}

/**
 * What decides which programs run and what agents may do without asking. Lists are often somebody else's text: only the
 * project's own `.orchestrate.yml` sets these.
 */
export const onlyInProject: ReadonlySet<string> = new Set([
  "worker",
  "setup",
  "notify",
  "reviewer",
  "permissionMode",
  "allowedTools",
  "issueAuthors",
]);

/** Reads `.orchestrate.yml`. An empty file sets nothing. Every fault has its line and column. */
export function readConfig(text: string, file: string): Outcome<ConfigInput> {
  const data = parseData(text, file);
  return data.ok ? check(data.value, data.value.root, []) : data;
}

/** Checks the options of a list at `node`, which stands at `path` in the data. With `only`, that key alone is looked at. */
export function checkConfig(
  data: Data,
  node: Node | null,
  path: readonly string[],
  only?: string,
): Outcome<ConfigInput> {
  const checked = check(data, node, path, only);
  if (!checked.ok) return checked;
  const diagnostics = Object.keys(checked.value).flatMap((key): Diagnostic[] =>
    onlyInProject.has(key)
      ? [
          {
            severity: "error",
            rule: "only-in-project",
            message: `Unexpected \`${key}\` in a list: it says which programs run or what agents may do`,
            expected: `\`${key}\` in the project's own \`.orchestrate.yml\``,
            fix: "move it there, if you want it",
            place: data.place([...path, key], "key"),
          },
        ]
      : [],
  );
  return diagnostics.length === 0 ? checked : { ok: false, diagnostics };
}

function check(data: Data, node: Node | null, path: readonly string[], only?: string): Outcome<ConfigInput> {
  const items =
    isMap(node) && only !== undefined ? node.items.filter(({ key }) => isScalar(key) && key.value === only) : [];
  if (isMap(node) && only !== undefined && items.length === 0) return { ok: true, value: {} };
  const plain = node === null ? null : toPlain(node, new Set());
  if (plain === null || typeof plain === "undefined") return { ok: true, value: {} };
  if (!isMap(node) || typeof plain !== "object") return { ok: false, diagnostics: [notMapping(data, path)] };
  const entries = Object.entries(plain).filter(([key]) => only === undefined || key === only);
  const checked = configInput().safeParse(Object.fromEntries(entries));
  if (checked.success) return { ok: true, value: checked.data };
  return { ok: false, diagnostics: explainIssues(checked.error.issues, data, path, configKeys()) };
}

function notMapping(data: Data, path: readonly string[]): Diagnostic {
  return {
    severity: "error",
    rule: "wrong-value",
    message: "Unexpected list or single value",
    expected: "`key: value` lines",
    fix: `write options such as \`maxWorkers: 3\``,
    place: data.place(path),
  };
}

/** The options in force: later inputs win key by key; options that are mappings are joined. */
export function mergeConfig(...inputs: readonly ConfigInput[]): Config {
  const entries = Object.entries(mergeInputs(defaultConfig, ...inputs)).filter(([, value]) => value !== undefined);
  // What nobody set is absent, not undefined, so that every key of the defaults has its value.
  return { ...defaultConfig, ...(Object.fromEntries(entries) as Partial<Config>) };
}

/** One input that says what all say, later ones winning. */
export function mergeInputs(...inputs: readonly ConfigInput[]): ConfigInput {
  let merged: ConfigInput = {};
  for (const input of inputs) {
    const joined: ConfigInput = {};
    if (merged.resources !== undefined) joined.resources = { ...merged.resources, ...input.resources };
    if (merged.resourceRules !== undefined) joined.resourceRules = { ...merged.resourceRules, ...input.resourceRules };
    if (merged.hot !== undefined) joined.hot = { ...merged.hot, ...input.hot };
    merged = { ...merged, ...input, ...joined };
  }
  return merged;
}
