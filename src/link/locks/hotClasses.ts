/**
 * Files that tasks change together without naming them. Whoever says the words without naming a file of the class may
 * change any of them; whoever names files changes those, and in a `shared` class the file that all of it hangs on too
 * (every manifest has the one lock file, migrations have one order).
 */
export interface HotClass {
  /** The key in the config. */
  readonly key: string;
  readonly name: string;
  readonly shared: boolean;
  readonly file: RegExp;
  /** Words of a title that say so, as far as the languages of the repository are among `languages` (all when empty). */
  readonly words: RegExp | null;
  readonly languages: readonly string[];
}

export const hotClasses: readonly HotClass[] = [
  {
    key: "manifests",
    name: "package manifest and lock file",
    shared: true,
    file: /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lockb?|deno\.lock|Cargo\.(?:toml|lock)|go\.(?:mod|sum|work)|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?|requirements[\w-]*\.txt|Gemfile(?:\.lock)?|composer\.(?:json|lock)|pom\.xml|build\.gradle(?:\.kts)?|libs\.versions\.toml|mix\.(?:exs|lock)|pubspec\.(?:yaml|lock)|Directory\.Packages\.props)$/,
    words:
      /\b(?:(?:install|add|upgrade|update|bump|remove) (?:[\w@/.-]+ ){0,3}(?:dependency|dependencies|devdependencies|packages?|crates?)|(?:npm|pnpm|yarn|bun|pip|poetry|cargo|uv|go) (?:install|add|get))\b/i,
    languages: [],
  },
  {
    key: "migrations",
    name: "database migrations",
    shared: true,
    file: /(?:^|\/)(?:migrations?|migrate|alembic\/versions)\/(?:[^/]+\/)?[^/]+\.(?:sql|py|rb|ts|js|php|go|exs|cs)$/i,
    words: /\b(?:add|create|write|generate|run) (?:[\w-]+ ){0,3}migrations?\b/i,
    languages: [],
  },
  {
    key: "barrels",
    name: "index files",
    shared: false,
    file: /(?:^|\/)(?:index\.[cm]?[jt]sx?|__init__\.py|mod\.rs|lib\.rs|public-api\.ts)$/,
    words:
      /\b(?:(?:re-?)?export (?:[\w`-]+ ){0,4}(?:from|in|through|via) (?:the )?(?:barrel|index)|barrel (?:file|exports?))\b/i,
    languages: ["ts", "tsx", "js", "jsx", "mjs", "py", "rs"],
  },
  {
    key: "registries",
    name: "routers and registries",
    shared: false,
    file: /(?:^|\/)(?:(?:app\.)?(?:routes?|router|routing|urls|registry|registrations?|plugins?|providers?|container)\.(?:[cm]?[jt]sx?|py|rb|go|rs|php|kt|java|cs)|app\.module\.ts|settings\.py|web\.php|api\.php)$/i,
    words:
      /\b(?:register|mount|wire(?: up)?|hook up) (?:[\w-]+ ){0,3}(?:routes?|router|endpoints?|commands?|plugins?|providers?|middlewares?|handlers?|modules?)\b/i,
    languages: [],
  },
  {
    key: "generated",
    name: "generated code",
    shared: false,
    file: /(?:^|\/)(?:__generated__|generated)\/|\.(?:gen|generated)\.\w+$|\.pb\.\w+$|_pb2(?:_grpc)?\.pyi?$|\.g\.dart$/i,
    words:
      /\b(?:codegen|regenerate\b|generate (?:the )?(?:[\w-]+ ){0,2}(?:types|bindings|stubs|api client|client code|protobufs?|prisma client))\b/i,
    languages: [],
  },
  {
    key: "ci",
    name: "continuous integration",
    shared: false,
    file: /(?:^|\/)(?:\.github\/workflows\/.+|\.gitlab-ci\.yml|Jenkinsfile|azure-pipelines\.yml|\.circleci\/.+|\.travis\.yml|bitbucket-pipelines\.yml)$/,
    words:
      /\b(?:add|update|configure|set up|setup|create|extend) (?:[\w/-]+ ){0,3}(?:(?:ci|ci\/cd|continuous integration) (?:workflow|pipeline|job|step|check)s?|github (?:actions?|workflows?))\b/i,
    languages: [],
  },
  {
    key: "fixtures",
    name: "shared test fixtures",
    shared: false,
    file: /(?:^|\/)(?:conftest\.py|(?:tests?|spec|__tests__|e2e)\/(?:[\w-]+\/)?(?:fixtures?|helpers?|setup|support|utils?|factories|mocks?)(?:\.[\w.]+|\/.+)|(?:vitest|jest)\.(?:setup|config)\.[cm]?[jt]s|spec_helper\.rb|rails_helper\.rb|test_helper\.rb)$/i,
    words: /\b(?:shared|common|global) (?:test )?(?:fixtures?|mocks?|test (?:helpers?|utils|utilities|setup))\b/i,
    languages: [],
  },
  {
    key: "translations",
    name: "translations",
    shared: false,
    file: /(?:^|\/)(?:locales?|i18n|translations?|lang|messages)\/(?:[\w-]+\/)?[\w.-]+\.(?:json|ya?ml|po|properties|ftl|ts)$|\.(?:arb|xliff|resx)$/i,
    words:
      /\b(?:(?:add|update|translate) (?:[\w-]+ ){0,3}(?:translations?|i18n (?:keys?|strings?)|locale (?:keys?|strings?)))\b/i,
    languages: [],
  },
];
