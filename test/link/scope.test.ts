import fc from "fast-check";
import { expect, test } from "vitest";
import { overlaps, parseScope, type Scope } from "../../src/link/locks/scope.ts";

function scope(text: string, ignoreCase = false): Scope {
  const parsed = parseScope(text, { ignoreCase });
  if (parsed === null) throw new Error(`no scope: ${text}`);
  return parsed;
}

function meet(a: string, b: string): boolean {
  return overlaps(scope(a), scope(b));
}

test.each([
  ["./src//a.ts", "src/a.ts"],
  ["src/b/../a.ts", "src/a.ts"],
  ["src/a.ts:12-45", "src/a.ts"],
  ["src/a.ts (new)", "src/a.ts"],
  ["src/a.ts#L10", "src/a.ts"],
  ["src\\a.ts", "src/a.ts"],
  ["src/auth/", "src/auth/"],
  ["/etc/passwd", "/etc/passwd"],
  ["../x", "../x"],
  ["a/../../x", "../x"],
])("%s is normalised to %s", (written, normal) => {
  expect(scope(written).text).toBe(normal);
});

test.each([
  ["src/a.ts", "src/a.ts"],
  ["src/", "src/auth/login.ts"],
  ["src/auth", "src/auth/login.ts"],
  ["src/**/*.ts", "src/a.ts"],
  ["src/*.{ts,tsx}", "src/a.tsx"],
  ["**/*", "anything/at/all"],
  ["src/**/x/*.ts", "src/a/**/b.ts"],
  ["app/[id]/page.tsx", "app/[id]/page.tsx"],
  ["app/[id]/page.tsx", "app/i/page.tsx"],
  ["src/[a-z].ts", "src/[b-c].ts"],
  ["app/[id]/page.tsx", "app/[do]/page.tsx"],
  ["app/(group)/page.tsx", "app/(group)/page.tsx"],
  ["src/a?.ts", "src/ab.ts"],
  ["!src/a.ts", "src/b.ts"],
  ["src/!(a).ts", "src/b.ts"],
  ["/home/me/project/src/a.ts", "src/a.ts"],
  [`${"{a,b}".repeat(20)}.ts`, "zzz"],
  ["./", "src/a.ts"],
])("%s and %s may meet", (a, b) => {
  expect([meet(a, b), meet(b, a)]).toEqual([true, true]);
});

test.each([
  ["src/a.ts", "src/b.ts"],
  ["src/auth", "src/authentication/a.ts"],
  ["src/*.ts", "test/*.ts"],
  ["src/*.ts", "src/*.css"],
  ["src/[ab].ts", "src/c.ts"],
  ["app/(one)/page.tsx", "app/(two)/page.tsx"],
  ["app/[userId]/page.tsx", "app/[teamId]/page.tsx"],
  ["app/[[...slug]]/page.tsx", "app/[...path]/page.tsx"],
  ["src/{a,b}/x.ts", "src/c/x.ts"],
  ["/etc/hosts", "/etc/passwd"],
  ["src/A.ts", "src/a.ts"],
])("%s and %s never meet", (a, b) => {
  expect([meet(a, b), meet(b, a)]).toEqual([false, false]);
});

test("without case, A and a are one name", () => {
  expect(overlaps(scope("src/A.ts", true), scope("src/a.ts", true))).toBe(true);
});

const letter = fc.constantFrom("a", "b", "[ab]", "*", "?", "[!a]", "{a,b}");
const part = fc.oneof(
  fc.array(letter, { minLength: 1, maxLength: 3 }).map((letters) => letters.join("")),
  fc.constant("**"),
);
const pattern = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const path = fc
  .array(
    fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 3 }).map((letters) => letters.join("")),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join("/"));

/** An independent reading of a pattern: as a regular expression. */
function matches(text: string, candidate: string): boolean {
  const source = text
    .split("/")
    .map((segment) =>
      segment === "**"
        ? "(?:[^/]+/)*"
        : `${segment.replace(/[*?{},]|\[!/g, (found) => ({ "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")", ",": "|", "[!": "[^/" })[found] ?? found)}/`,
    )
    .join("");
  return new RegExp(`^${source}$`).test(`${candidate}/`);
}

test("scopes that some path is in both of are never called disjoint", () => {
  fc.assert(
    fc.property(pattern, pattern, path, (a, b, witness) => {
      fc.pre(matches(a, witness) && matches(b, witness));
      expect(overlaps(scope(a), scope(b))).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test("overlap does not depend on which scope comes first", () => {
  fc.assert(
    fc.property(pattern, pattern, (a, b) => {
      expect(meet(a, b)).toBe(meet(b, a));
    }),
  );
});
