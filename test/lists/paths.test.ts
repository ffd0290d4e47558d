import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asPath, findFiles, normalise } from "../../src/lists/paths.ts";
import { expectLinear } from "../growth.ts";

const short = (text: string): string[] => findFiles(text).map(({ path, access }) => `${access} ${path}`);

describe("words that are paths", () => {
  test.each([
    ["src/models/user.py", "src/models/user.py"],
    ["./src//a.ts", "src/a.ts"],
    ["src/a.ts:12-45", "src/a.ts"],
    ["tests/test_a.py::test_b", "tests/test_a.py"],
    ["app/[id]/page.tsx", "app/[id]/page.tsx"],
    ["app/[...slug]/page.tsx", "app/[...slug]/page.tsx"],
    ["(app)/layout.tsx", "(app)/layout.tsx"],
    ["(src/a.ts)", "src/a.ts"],
    ["(src/a.ts,", "src/a.ts"],
    ["src/routes/+page.svelte", "src/routes/+page.svelte"],
    ["_data/site.yml", "_data/site.yml"],
    [".eslintrc.json", ".eslintrc.json"],
    [".gitignore", ".gitignore"],
    [".env.example", ".env.example"],
    [".github/workflows/ci.yml", ".github/workflows/ci.yml"],
    ["package.json", "package.json"],
    ["auth.py", "auth.py"],
    ["Dockerfile", "Dockerfile"],
    ["src/**/*.ts", "src/**/*.ts"],
    ["src/posts/", "src/posts/"],
    ["src/components", "src/components/"],
    ["src/{a,b}.ts", "src/{a,b}.ts"],
    ["/Users/me/project/a.ts", "/Users/me/project/a.ts"],
    ["../other/a.ts", "../other/a.ts"],
    ["**src/a.ts**", "src/a.ts"],
    ["src/a.ts.", "src/a.ts"],
    ["src/...", "src/"],
    ["src/**", "src/**"],
  ])("%s", (word, path) => expect(asPath(word)).toBe(path));

  test.each([
    "https://example.com/a.html",
    "example.com/a/b.html",
    "and/or",
    "TCP/IP",
    "CI/CD",
    "1/2",
    "24/7",
    "T001/T002",
    "/users",
    "/api/users/{id}",
    "v1.2.3",
    "1.2.3",
    "e.g.",
    "i.e.",
    "Node.js",
    "Next.js",
    "Prism.js",
    "@scope/pkg",
    "~/.claude/settings.json",
    "w/o",
    "a/b",
    "map(x.ts)",
    "input/output",
    "follow/unfollow",
    "deploy/rollback/check",
    "$HOME/a.ts",
    "console.log",
    "...",
    "2025/10/06",
  ])("%s is none", (word) => expect(asPath(word)).toBeNull());
});

describe("what happens to a path", () => {
  test.each([
    ["Create User model in src/models/user.py", ["create src/models/user.py"]],
    ["Add `src/a.ts`", ["create src/a.ts"]],
    ["Add `run` to `lib/cli.py`", ["modify lib/cli.py"]],
    ["Implement login in src/login.ts", ["modify src/login.ts"]],
    ["Fix src/a.ts and src/b.ts", ["modify src/a.ts", "modify src/b.ts"]],
    ["Remove src/old.ts", ["delete src/old.ts"]],
    ["Copy types from `a/t.ts` to `src/t.ts`", ["read a/t.ts", "modify src/t.ts"]],
    ["Update src/a.ts (see docs/a.md) and src/b.ts", ["modify src/a.ts", "read docs/a.md", "modify src/b.ts"]],
    ["Unit tests (load, resume from index) tests/a.py", ["modify tests/a.py"]],
    ["Touch `src/a.ts` (new) and `src/b.ts` (modify existing)", ["create src/a.ts", "modify src/b.ts"]],
    ["Create src/a.ts, later edit src/a.ts", ["create src/a.ts"]],
    ["GET /users/{id} endpoint", []],
    ["Create structure per plan.md", ["read plan.md"]],
    ["Update quickstart.md", ["modify quickstart.md"]],
  ])("%s", (text, files) => expect(short(text)).toEqual(files));

  test("a normalised path has no `./` before it and no `//` in it", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-c./:\d-]{0,20}$/), (path) => {
        const once = normalise(path);
        expect(once.includes("//") || once.startsWith("./")).toBe(false);
      }),
    );
  });

  test.each(["(", "`", "{", "a/", "(depends on ", "[", ", "])(
    "a line of 50,000 times %j stays linear",
    async (piece) => {
      await expectLinear((times) => findFiles(piece.repeat(times)), 50_000);
    },
  );
});
