import type { FileAccess, FileScope } from "../model/fileScope.ts";

/**
 * The files that a text names, in order, each once. The nearest verb before a path says what happens to it, a note
 * after it (`(new)`, `(modify existing)`) overrides that, and `initial` holds where there is neither.
 */
export function findFiles(text: string, initial: FileAccess = "modify"): FileScope[] {
  const found: FileScope[] = [];
  let write = initial;
  let adding = false;
  /** Words since the last verb, and since a word such as `from` or the path it governs. */
  let sinceVerb = Number.POSITIVE_INFINITY;
  let sinceRead = Number.POSITIVE_INFINITY;
  for (const token of tokens(text)) {
    const path = asPath(token.text, token.code);
    if (path !== null) {
      const read = initial === "read" || sinceRead <= 2 || (inputs.has(path) && sinceVerb > 2);
      // `add a manifest reader to the CLI lib/cli.ts`: far from its verb, a path is where the work happens.
      const near = write === "create" && adding && sinceVerb > 3 ? "modify" : write;
      found.push({ path, access: noteAfter(text, token.end) ?? (read ? "read" : near) });
      if (sinceRead <= 2) sinceRead = token.text.endsWith(")") ? Number.POSITIVE_INFINITY : 2;
      continue;
    }
    const plain = token.code || token.text.length > 20 ? "" : token.text.toLowerCase().replaceAll(/[^a-z]/g, "");
    const verb = verbs.get(plain);
    sinceVerb += 1;
    if (plain !== "and" || sinceRead !== 2) sinceRead += 1;
    if (verb === "read") sinceRead = 0;
    else if (verb !== undefined) {
      write = initial === "read" ? "read" : verb;
      adding = plain.startsWith("add") && initial !== "create";
      [sinceVerb, sinceRead] = [0, Number.POSITIVE_INFINITY];
    } else if (targets.has(plain)) {
      sinceRead = Number.POSITIVE_INFINITY;
      if (adding) write = initial === "modify" || initial === "delete" ? "modify" : initial;
    }
    if (/[).;]$/.test(token.text)) sinceRead = Number.POSITIVE_INFINITY;
  }
  return mergeFiles(found);
}

/** One scope per path, with the strongest access: create, delete, modify, read. */
export function mergeFiles(files: readonly FileScope[]): FileScope[] {
  const best = new Map<string, FileAccess>();
  for (const { path, access } of files) {
    const before = best.get(path);
    if (before === undefined || strength.indexOf(access) > strength.indexOf(before)) best.set(path, access);
  }
  return [...best].map(([path, access]) => ({ path, access }));
}

/** Documents that spec tools write before the tasks: read, unless a verb right before them says otherwise. */
const inputs = new Set([
  "plan.md",
  "spec.md",
  "research.md",
  "data-model.md",
  "quickstart.md",
  "requirements.md",
  "design.md",
]);
const strength: readonly FileAccess[] = ["read", "modify", "delete", "create"];
const verbs = new Map<string, FileAccess>([
  ...["create", "creates", "creating", "add", "adds", "adding", "new", "generate", "scaffold"].map(
    (verb) => [verb, "create"] as const,
  ),
  ...["modify", "update", "updates", "edit", "extend", "fix", "rename", "refactor", "change", "enhance"].map(
    (verb) => [verb, "modify"] as const,
  ),
  ...["implement", "integrate", "wire", "configure", "register", "replace", "move", "convert", "improve"].map(
    (verb) => [verb, "modify"] as const,
  ),
  ...["delete", "deletes", "remove", "removes", "deleting", "removing"].map((verb) => [verb, "delete"] as const),
  ...["read", "see", "from", "leverage", "per", "using", "following", "against", "reference"].map(
    (verb) => [verb, "read"] as const,
  ),
]);
/** Words before the place where something ends up: `add a command to cli.ts` modifies it. */
const targets = new Set(["to", "into", "in", "inside", "within"]);

interface Token {
  readonly text: string;
  readonly end: number;
  /** It stood between backticks. */
  readonly code: boolean;
}

const gap = /[\s,，、;]+/y;
/** A comma inside braces belongs to the word: `src/{a,b}.ts`. */
const bare = /(?:\{[^{}\s]*\}|[^\s`,，、])+/y;

/** Words and code spans, in order. */
function* tokens(text: string): Generator<Token> {
  for (let at = 0; at < text.length;) {
    gap.lastIndex = at;
    if (gap.test(text)) at = gap.lastIndex;
    bare.lastIndex = at;
    const word = bare.exec(text)?.[0];
    const close = text.charAt(at) === "`" ? text.indexOf("`", at + 1) : -1;
    if (word !== undefined) {
      at += word.length;
      yield { text: word, end: at, code: false };
    } else if (close > at) {
      yield { text: text.slice(at + 1, close).trim(), end: close + 1, code: true };
      at = close + 1;
    } else at += 1;
  }
}

function noteAfter(text: string, end: number): FileAccess | null {
  const note = /^[`*]*\s?\(([^()]{1,40})\)/.exec(text.slice(end, end + 50))?.[1]?.toLowerCase() ?? "";
  if (/\b(?:new|create|created)\b/.test(note)) return "create";
  if (/\b(?:delete|remove)\b/.test(note)) return "delete";
  if (/\b(?:modify|modified|existing|update|extend|edit)\b/.test(note)) return "modify";
  return /\b(?:read|reference)\b/.test(note) ? "read" : null;
}

/**
 * The path that a word is, normalised, or null: no URL, route, version, package, `and/or`. A bare word needs more to be
 * one than a word in backticks (`code`). Folders end with `/`. Absolute paths stay as written; `~/…` lies outside.
 */
export function asPath(word: string, code = false): string | null {
  if (word.length > 400 || (!/[./*\\]/.test(word) && !wholeNames.has(stripWrapping(word)))) return null;
  const path = normalise(stripWrapping(word));
  if (path === "" || !plausible(path)) return null;
  const parts = path.split("/").filter((part) => part !== "");
  const last = parts.at(-1) ?? "";
  if (path.startsWith("/")) return absoluteRoot.test(path) || (parts.length > 1 && knownFile(last)) ? path : null;
  if (!path.includes("/")) return isFileName(last, code) ? path : null;
  if (path.endsWith("/"))
    return /[A-Za-z]/.test(path) && (code || parts.length > 1 || folders.has(last) || /^[a-z._-]{3,}$/.test(last))
      ? path
      : null;
  const folder = folders.has(parts[0] ?? "") || /^\.{1,2}$|^\.[a-z]/.test(parts[0] ?? "");
  if (last.includes("*") || /^\[.+\]$|^\(.+\)$/.test(last)) return folder || code ? path : null;
  if (knownFile(last) || (/^[^.].*\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(last) && !/^(?:\d|e\.g|i\.e)/.test(last)))
    return path;
  if (/^\.[A-Za-z]/.test(last)) return path;
  if (!folder) return null;
  // `build/deploy/test` in running text is more often a choice than a folder.
  if (!code && !roots.has(parts[0] ?? "")) return null;
  return `${path}/`;
}

function stripWrapping(word: string): string {
  const emphasis = /^_.*_[.,;:]*$/.test(word) ? word.slice(1) : word;
  let path = emphasis.replace(/^["'“”‘’<*]+(?!\.|\/)/, "").replace(/["'“”‘’>_.,;:!?…]+$/, "");
  // `src/*` and `src/**` are globs, `**src/a.ts**` is bold.
  if (!/\/\*{1,2}$/.test(path)) path = path.replace(/[*_]+$/, "");
  if (path.startsWith("(") && (path.endsWith(")") ? path.indexOf(")") === path.length - 1 : !path.includes(")")))
    path = path.slice(1);
  while (path.endsWith(")") && count(path, ")") > count(path, "(")) path = path.slice(0, -1);
  while (path.endsWith("]") && count(path, "]") > count(path, "[")) path = path.slice(0, -1);
  return path.replace(/["'.,;:]+$/, "");
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

/** `./a//b.ts:12-45` is `a/b.ts`. What climbs above the project keeps its `..`. */
export function normalise(path: string): string {
  const bare = forward(path)
    .replace(/::.*$/s, "")
    .replace(/#L?\d.*$/s, "")
    .replace(/:\d[\d:,-]*$/, "")
    .replaceAll(/\/{2,}/g, "/");
  return bare.replace(/^(?:\.\/)+/, "");
}

/**
 * `src\api\users.ts`, as written on Windows, is `src/api/users.ts`. A backslash before a mark that Markdown would read
 * (`foo\_bar.ts`) only keeps the mark.
 */
function forward(path: string): string {
  if (!path.includes("\\")) return path;
  const folders = path.replaceAll(/\\(?=[_*#{}!])/g, "");
  const parts = folders.split("\\");
  // `a.ts\nb.ts` is two names with a line end between them.
  const plain = parts
    .slice(0, -1)
    .every(
      (part, index) => /^[\p{L}\p{N}@.$_()[\]-]*$/u.test(part) && (index === 0 || part !== "") && !knownFile(part),
    );
  return plain && parts[0] !== "" && knownFile(parts.at(-1) ?? "") ? parts.join("/") : folders;
}

/** Whether a path leaves the folder that it is relative to: absolute, a home folder, a drive, or more `..` than folders. */
export function leavesProject(path: string): boolean {
  if (/^(?:[/\\~]|[A-Za-z]:[/\\])/.test(path)) return true;
  let depth = 0;
  for (const part of path.split(/[/\\]/)) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

function plausible(path: string): boolean {
  if (/[\s"'`<>=|;$\\&!?,:^%]/.test(path.replaceAll(/\{[^{}]*\}/g, ""))) return false;
  if (/^(?:[@~#+-]|www\.)/.test(path) || /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]/.test(path))
    return false;
  if (path.replaceAll(/\[[^[\]]*\]/g, "").includes("...")) return false;
  // A call, `map(x.js)`; a folder group, `(app)/`, stands between slashes.
  if (/[^/(]\(/.test(path) || /\)[^/]/.test(path)) return false;
  if (/^[^/]+\.(?:com|org|net|io|dev|ai|app)\//i.test(path)) return false;
  return !/^[\d./-]*$/.test(path) && !/^T\d+/.test(path.split("/")[1] ?? "");
}

function isFileName(name: string, code: boolean): boolean {
  if (/^\.[a-z][\w.-]{2,}$/.test(name) && !extensions.has(name.slice(1))) return true;
  if (wholeNames.has(name)) return code || name !== "LICENSE";
  if (name.includes("*")) return /\*.*\.[A-Za-z]/.test(name) && extensions.has(extensionOf(name));
  if (!knownFile(name) || /^[a-z]+\.[A-Z]/.test(name)) return false;
  return code || !(productNames.has(name.toLowerCase()) || /^[A-Z][A-Za-z]*\.js$/.test(name));
}

function knownFile(name: string): boolean {
  return (
    wholeNames.has(name) ||
    (/^[\w[\](){}@+.,-]*[\w\])}]\.[A-Za-z0-9]+$/.test(name) && extensions.has(extensionOf(name)))
  );
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}

const absoluteRoot = /^\/(?:Users|home|etc|var|tmp|opt|usr|media|mnt|root|srv|private|Volumes)\//;
const wholeNames = new Set(
  "Dockerfile Makefile Procfile Gemfile Rakefile Justfile justfile Jenkinsfile Caddyfile Vagrantfile Brewfile Podfile CODEOWNERS LICENSE go.mod go.sum .env".split(
    " ",
  ),
);
const productNames = new Set(
  "next.js node.js vue.js nuxt.js three.js d3.js chart.js express.js nest.js react.js alpine.js prism.js bun.js deno.js asp.net".split(
    " ",
  ),
);
const extensions = new Set(
  `ts tsx js jsx mjs cjs mts cts json jsonc json5 jsonl md mdx mdc rst txt adoc py pyi ipynb rb erb go rs java kt kts groovy gradle scala swift m mm
  c h cc cpp cxx hpp cs csproj sln razor cshtml fs vb php html htm xhtml css scss sass less styl vue svelte astro njk hbs ejs pug liquid sql prisma
  graphql gql proto avsc thrift yml yaml toml ini cfg conf env properties lock xml xsd svg png jpg jpeg gif webp ico woff woff2 csv tsv parquet sh
  bash zsh fish ps1 bat cmd tf tfvars hcl bicep dockerfile ex exs erl hs ml mli lua dart r jl zig nim sol vy move cairo clj cljs edn el vim nix
  feature snap plist storyboard xib entitlements resx po pot http rest webmanifest map mod sum tmpl tpl template example wasm wat glsl wgsl`.split(
    /\s+/,
  ),
);
const roots = new Set("src lib app apps tests packages internal cmd crates .github .claude".split(" "));
const folders = new Set(
  `src lib app apps test tests spec specs docs doc packages pkg cmd internal server client backend frontend web api components pages routes
  services service models model views controllers utils util helpers hooks stores store styles assets public static scripts script config configs
  db database migrations migration prisma types contracts examples example tools bin infra deploy e2e cypress playwright integration unit features
  modules plugins core common shared middleware handlers schemas schema templates content data dist build target crates python java android ios`.split(
    /\s+/,
  ),
);
