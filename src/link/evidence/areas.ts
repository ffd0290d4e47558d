import type { Area } from "../../model/graph.ts";
import type { ListedTask } from "../../model/task.ts";
import { scopesMeet } from "../locks/scopesMeet.ts";

/** The kinds of place that a title may mean, in the order in which they are tried. */
const kinds: readonly {
  readonly kind: Area["kind"];
  readonly label: string;
  readonly words: RegExp;
  /** Files of the repository that such a place is. */
  readonly files?: RegExp;
}[] = [
  {
    kind: "changelog",
    label: "the changelog",
    words: /\b(?:change ?log|release notes|changes\.md)\b|变更日志|更新日志|変更履歴/iu,
    files: /^(?:[^/]+\/)?(?:CHANGELOG|CHANGES|HISTORY|RELEASE[-_]?NOTES)(?:\.\w+)?$/i,
  },
  { kind: "readme", label: "the README", words: /\breadme\b/i, files: /^README(?:\.\w+)?$/i },
  {
    kind: "ci",
    label: "the CI configuration",
    words: /\b(?:ci(?:\/cd)?|github actions?|(?:ci|build|deploy\w*|release) pipeline)\b/i,
    files: /^(?:\.github\/workflows\/.+|\.gitlab-ci\.yml|\.circleci\/.+)$/,
  },
  {
    kind: "build",
    label: "the build configuration",
    words:
      /\b(?:build|bundler|compiler|lint(?:er|ing)?|typescript|eslint|prettier|webpack|vite) (?:config\w*|settings?|setup|scripts?)\b/i,
    files: /^(?:tsconfig[\w.-]*\.json|(?:webpack|vite|rollup|eslint|prettier)\.config\.\w+|Makefile|CMakeLists\.txt)$/,
  },
  {
    kind: "tests",
    label: "tests",
    words:
      /\b(?:tests?|test (?:cases?|coverage|suite)|specs? for|coverage)\b|(?<!\p{L})(?:pruebas|testes|тесты?|тестов)(?!\p{L})|测试|テスト|테스트/iu,
    files: /(?:^|\/)(?:tests?|__tests__|specs?)\/|[._-](?:test|spec)\.\w+$|(?:^|\/)test_[^/]+$/i,
  },
  {
    kind: "documentation",
    label: "the documentation",
    words:
      /\b(?:docs?|document(?:ation|ing|s)?|user (?:guide|manual)|guides?|tutorials?|code examples|docstrings?)\b|(?<!\p{L})(?:dokumentation|documentación|documentação|документаци\p{L}+)(?!\p{L})|文档|ドキュメント|문서/iu,
    files: /^docs?\/|\.(?:md|rst|adoc)$/i,
  },
  { kind: "endpoint", label: "the endpoint", words: /\b(?:GET|POST|PUT|PATCH|DELETE)\s+\/|\bendpoints?\b|\broutes?\b/ },
  {
    kind: "part",
    label: "the part",
    words:
      /\b(?:components?|pages?|screens?|views?|forms?|modals?|dialogs?|widgets?|services?|modules?|middleware|handlers?|controllers?|models?|repositor(?:y|ies)|stores?|hooks?|utils?|utilities|helpers?|librar(?:y|ies)|clients?|apis?|workers?|jobs?|queues?|commands?|parsers?|validators?|validation|schemas?|class(?:es)?|plugins?|adapters?|layers?|packages?|processing|management|feedback|ui|cache|caching|logging|search)\b/i,
  },
];

/** Places of which a project has one: two tasks that mean it mean the same. */
const single: ReadonlySet<Area["kind"]> = new Set<Area["kind"]>(["changelog", "readme", "ci", "build"]);

/** Verbs at the beginning of a title, and words that tell no two places apart. */
const verb =
  /^(?:add|adds|build|change|clean up|complete|convert|create|define|design|develop|document|enhance|extend|fix|generate|implement|improve|integrate|introduce|make|migrate|modify|move|optimi[sz]e|port|provide|redesign|refactor|remove|rename|replace|rewrite|set up|simplify|speed up|split|tidy(?: up)?|update|upgrade|write)\s+/i;
const common = new Set(
  (
    "de la el los las del da do das dos para por con der die den des und von für le les du " +
    "a an and any as at by each every for from in into its of on or our some that the their this to with via new all missing " +
    "existing more better basic simple full core common shared initial several other various api apis rest http web app project system code " +
    "logic feature features endpoint endpoints route routes unit integration e2e end regression acceptance smoke test tests testing case cases " +
    "coverage suite spec specs doc docs document documentation documents guide guides user-guide tutorial tutorials example examples " +
    "docstring docstrings component components page pages screen screens view views form forms modal modals dialog dialogs widget widgets " +
    "service services module modules middleware handler handlers controller controllers model models repository repositories store stores " +
    "hook hooks util utils utilities helper helpers library libraries client clients worker workers job jobs queue queues command commands " +
    "parser parsers validator validators schema schemas class classes plugin plugins adapter adapters layer layers package packages " +
    "processing management feedback ui config configuration settings setup support variables things stuff get post put patch delete " +
    "add fix improve update refactor write create implement"
  ).split(" "),
);

/**
 * The part of the project that the title of each task means that names no file: a proposal, with its words. Nothing is
 * planned by it until somebody agrees. Titles that name none have no entry.
 */
export function areasOf(tasks: readonly ListedTask[], files: readonly string[]): Area[] {
  const unknown = tasks.filter((task) => task.files.length === 0 && !task.gate);
  if (unknown.length === 0) return [];
  const places = placesIn(files);
  return unknown.flatMap((task) => areaOf(task, files, places) ?? []);
}

function areaOf(
  task: ListedTask,
  files: readonly string[],
  places: ReadonlyMap<string, readonly string[]>,
): Area | null {
  const title = task.title.slice(0, 200).replace(/\s*\([^()]*\)\s*$/, "");
  // What a title asks to run or to see pass is no place: it looks at the work of all others.
  if (/^(?:run|verify|check|ensure|review|validate|confirm|deploy|release|merge|investigate|research)\b/i.test(title))
    return null;
  const words = title.replace(verb, "").replace(/^(?:the|an?)\s+/i, "");
  const known = kinds.find((each) => each.words.test(each.kind === "documentation" ? title : words));
  const subject = subjectOf(words);
  // Without a word for its kind, only what is right behind a verb such as "improve" is a name, and not one more verb.
  const first = subjectOf(words.split(/\s/, 1)[0] ?? "");
  const names = known === undefined ? (words === title ? [] : first) : subject;
  const named = names.flatMap((word) => places.get(word) ?? []).slice(0, 3);
  if (known === undefined && named.length === 0) return null;
  // "Tests" and "API things" name no place.
  if (subject.length === 0 && !single.has(known?.kind ?? "part")) return null;
  const kind = known?.kind ?? "part";
  const paths =
    kind === "endpoint"
      ? []
      : single.has(kind)
        ? files.filter((path) => known?.files?.test(path) === true).slice(0, 3)
        : known?.files === undefined
          ? named
          : files
              .filter((path) => known.files?.test(path) === true && subject.some((word) => namesIt(path, word)))
              .slice(0, 3);
  return {
    task: task.id,
    kind,
    label: known?.label ?? "the part",
    subject: kind === "endpoint" ? [requestIn(words) ?? subject.join(" ")] : subject,
    paths,
    evidence: words,
    confidence: paths.length > 0 || single.has(kind) ? 0.8 : 0.6,
    source: task.source,
  };
}

/** `GET /users/{id}`: what tells one endpoint from another. */
function requestIn(words: string): string | null {
  return /\b(?:GET|POST|PUT|PATCH|DELETE)\s+\/\S*/.exec(words)?.[0] ?? null;
}

/** Names nothing but a kind: "tests", "the docs". */
const plain = new Set(
  "de la el del da do der die und für le du a an and for of the to test tests doc docs documentation document page part".split(
    " ",
  ),
);
const kindsOfTest = new Set(["unit", "integration", "e2e", "regression", "acceptance", "smoke"]);

/** The words that tell a place from others of its kind: of those that seldom do, only where there are no better ones. */
function subjectOf(words: string): string[] {
  const found = (words.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).filter((word) => word.length > 1);
  const some = found.filter((word) => !plain.has(word));
  const better = [some.filter((word) => !common.has(word)), some.filter((word) => !kindsOfTest.has(word)), some];
  return [...new Set((better.find((each) => each.length > 0) ?? []).map(singular))];
}

function singular(word: string): string {
  return word.length > 4 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function namesIt(path: string, word: string): boolean {
  return path
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((part) => singular(part) === word);
}

/** Folders and files of source code by their own names, where few have that name. */
function placesIn(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, Set<string>>();
  const add = (name: string, path: string): void => {
    const key = singular(name.toLowerCase());
    if (key.length < 3 || common.has(key)) return;
    const known = places.get(key);
    if (known === undefined) places.set(key, new Set([path]));
    else if (known.size <= 3) known.add(path);
  };
  const folders = new Set<string>();
  for (const path of files) {
    const cut = path.lastIndexOf("/");
    const name = path.slice(cut + 1);
    if (/\.(?:test|spec)\.|(?:^|\/)(?:tests?|docs?|__tests__)\//.test(path)) continue;
    if (/^[\w-]+\.[a-z]{1,4}$/i.test(name)) add(name.slice(0, name.indexOf(".")), path);
    for (let end = cut; end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
      add(folder.slice(folder.lastIndexOf("/") + 1), `${folder}/`);
    }
  }
  return new Map([...places].filter(([, found]) => found.size <= 3).map(([key, found]) => [key, [...found]]));
}

/** Whether two areas may be one place. */
export function areasMeet(a: Area, b: Area): boolean {
  if (a.paths.some((left) => b.paths.some((right) => scopesMeet(left, right)))) return true;
  if (a.kind === b.kind) {
    if (single.has(a.kind)) return true;
    if (a.kind === "endpoint") return a.subject[0] === b.subject[0];
    if (a.subject.length === 0 || b.subject.length === 0) return true;
    if (a.kind !== "part") return isWithin(a.subject, b.subject) || isWithin(b.subject, a.subject);
  }
  if (single.has(a.kind) || single.has(b.kind) || a.kind === "endpoint" || b.kind === "endpoint") return false;
  return a.subject.some((word) => b.subject.includes(word));
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((word) => all.includes(word));
}

/** Half or more of these areas are about one thing, as parts of one piece of work are: the word for it, or null. */
export function commonSubject(
  areas: readonly Area[],
): { readonly word: string; readonly tasks: readonly string[] } | null {
  const byWord = new Map<string, string[]>();
  for (const { kind, subject, task } of areas) {
    if (kind !== "part") continue;
    for (const word of subject) byWord.set(word, [...(byWord.get(word) ?? []), task]);
  }
  const [most] = [...byWord].toSorted(([, a], [, b]) => b.length - a.length);
  return most !== undefined && most[1].length >= 3 && most[1].length * 2 >= areas.length
    ? { word: most[0], tasks: most[1] }
    : null;
}

/** `1 the changelog (“changelog with new features”), 2 tests (“unit tests for validation logic”)`. */
export function inWords(areas: readonly Area[]): string {
  const said = areas.slice(0, 8).map(({ task, label, evidence, paths }) => {
    const where = paths.length === 0 ? "" : `, ${paths.join(", ")}`;
    return `${task} ${label} (“${evidence}”${where})`;
  });
  const rest = areas.length > 8 ? [`${areas.length - 8} more`] : [];
  const all = [...said, ...rest];
  const last = all.at(-1) ?? "";
  return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} and ${last}`;
}
