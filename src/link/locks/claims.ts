import type { Diagnostic } from "../../model/diagnostic.ts";
import type { FileAccess } from "../../model/fileScope.ts";
import type { ListedTask } from "../../model/task.ts";
import { placeOf } from "../statements/mention.ts";
import { hasTooManyAlternatives } from "./pattern.ts";
import { overlaps, parseScope, type Scope, type ScopeOptions } from "./scope.ts";

/** One scope and the tasks that name it, as indices in document order, with the strongest access of each. */
export interface Claim {
  readonly scope: Scope;
  readonly holders: Map<number, FileAccess>;
  /** As the first of them writes it. */
  readonly written: string;
}

export interface Claims {
  readonly claims: readonly Claim[];
  /** Pairs of claims of which some path is in both; not those within one of `crowds`. */
  readonly overlapping: readonly (readonly [Claim, Claim])[];
  /** Many patterns each of which overlaps with each other one: their pairs are too many to list one by one. */
  readonly crowds: readonly (readonly Claim[])[];
  readonly diagnostics: readonly Diagnostic[];
}

export function writes(access: FileAccess): boolean {
  return access !== "read";
}

const strength: Readonly<Record<FileAccess, number>> = { read: 0, delete: 1, modify: 2, create: 3 };

/** Collects the scopes of all tasks and finds which overlap: plain paths through a map of their parents, patterns pair by pair. */
export function claimsOf(tasks: readonly ListedTask[], options: ScopeOptions = {}): Claims {
  const byKey = new Map<string, Claim>();
  const outside = new Map<number, string[]>();
  const tooMany: Diagnostic[] = [];
  for (const [index, task] of tasks.entries()) {
    for (const file of task.files) {
      const scope = parseScope(file.path, options);
      if (scope === null) continue;
      if (hasTooManyAlternatives(file.path)) tooMany.push(tooManyAlternatives(task, file.path));
      if (scope.anchor !== "project") outside.set(index, [...(outside.get(index) ?? []), file.path]);
      const key = keyOf(scope);
      const claim = byKey.get(key) ?? { scope, holders: new Map<number, FileAccess>(), written: file.path };
      byKey.set(key, claim);
      const known = claim.holders.get(index);
      if (known === undefined || strength[file.access] > strength[known]) claim.holders.set(index, file.access);
    }
  }
  const claims = [...byKey.values()];
  const { pairs, crowds } = patterned(claims);
  return {
    claims,
    overlapping: [...nested(byKey), ...pairs],
    crowds,
    diagnostics: [...tooMany, ...outsideWarnings(tasks, outside)],
  };
}

/** `src` and `src/` are one place. */
function keyOf(scope: Scope): string {
  return scope.plain ? scope.text.replace(/\/$/, "") : `glob:${scope.text}`;
}

function nested(byKey: ReadonlyMap<string, Claim>): [Claim, Claim][] {
  const pairs: [Claim, Claim][] = [];
  for (const [key, claim] of byKey) {
    if (!claim.scope.plain) continue;
    for (let cut = key.lastIndexOf("/"); cut > 0; cut = key.lastIndexOf("/", cut - 1)) {
      const above = byKey.get(key.slice(0, cut));
      if (above !== undefined) pairs.push([above, claim]);
    }
    const project = key === "." ? undefined : byKey.get(".");
    if (project !== undefined) pairs.push([project, claim]);
  }
  return pairs;
}

/** Each pattern is compared with every other claim that may begin with the same folder. */
function patterned(claims: readonly Claim[]): { pairs: [Claim, Claim][]; crowds: Claim[][] } {
  const patterns = claims.filter((claim) => !claim.scope.plain);
  if (patterns.length === 0) return { pairs: [], crowds: [] };
  const plain = claims.filter((claim) => claim.scope.plain);
  const byFirst = new Map<string, Claim[]>();
  for (const claim of plain) {
    const first = claim.scope.text.split("/")[0] ?? "";
    const known = byFirst.get(first);
    if (known === undefined) byFirst.set(first, [claim]);
    else known.push(claim);
  }
  const among = patterns.map(() => new Set<number>());
  const others: [Claim, Claim][] = [];
  const firsts = patterns.map(({ scope }) => fixedFirst(scope));
  for (const [index, pattern] of patterns.entries()) {
    const first = firsts[index] ?? null;
    for (let other = index + 1; other < patterns.length; other++) {
      const second = firsts[other] ?? null;
      const sameFolder = first === null || second === null || first === second;
      if (!sameFolder || !overlaps(pattern.scope, patterns[other]!.scope)) continue;
      among[index]!.add(other);
      among[other]!.add(index);
    }
    const candidates = first === null ? plain : [...(byFirst.get(first) ?? []), ...(byFirst.get(".") ?? [])];
    for (const other of candidates) if (overlaps(pattern.scope, other.scope)) others.push([pattern, other]);
  }
  const { crowds, crowdOf } = crowdsAmong(among);
  const pairs = patterns.flatMap((pattern, index) =>
    [...among[index]!].flatMap((other): [Claim, Claim][] => {
      const together = crowdOf[index] !== null && crowdOf[index] === crowdOf[other];
      return other < index || together ? [] : [[pattern, patterns[other]!]];
    }),
  );
  return {
    pairs: [...pairs, ...others],
    crowds: crowds.map((members) => members.map((index) => patterns[index]!)),
  };
}

/** A pattern that overlaps with no more others than this gets a lock of its own, which says more. */
const fewOverlaps = 16;

/**
 * Puts patterns that overlap with many others into groups in which each overlaps with each: whoever comes joins the first group that
 * suits it. `among` holds the overlaps of each by their numbers. A group costs one lock, its pairs would cost one for each member.
 */
function crowdsAmong(among: readonly ReadonlySet<number>[]): {
  readonly crowds: readonly (readonly number[])[];
  readonly crowdOf: readonly (number | null)[];
} {
  const crowds: number[][] = [];
  const crowdOf: (number | null)[] = among.map(() => null);
  for (const [index, others] of among.entries()) {
    if (others.size <= fewOverlaps) continue;
    const fits = crowds.findIndex((members) => members.every((member) => others.has(member)));
    if (fits === -1) crowds.push([index]);
    else crowds[fits]!.push(index);
    crowdOf[index] = fits === -1 ? crowds.length - 1 : fits;
  }
  return { crowds: crowds.filter(({ length }) => length > 1), crowdOf };
}

/** The first folder of every path in the scope, or null when it is not fixed. */
function fixedFirst(scope: Scope): string | null {
  if (scope.anchor !== "project" || scope.readings === null) return null;
  const first = scope.readings[0]?.[0];
  if (first === undefined || !("literal" in first)) return null;
  const same = scope.readings.every((reading) => {
    const other = reading[0];
    return other !== undefined && "literal" in other && other.literal === first.literal;
  });
  return same ? first.literal : null;
}

function tooManyAlternatives(task: ListedTask, path: string): Diagnostic {
  return {
    severity: "error",
    rule: "too-many-alternatives",
    message: `Unexpected pattern in \`${task.id}\`: the braces of \`${path}\` stand for more than 64 paths`,
    expected: "at most 64 alternatives",
    fix: "write `*` in place of the braces, or name the folder",
    place: placeOf(task, path),
  };
}

function outsideWarnings(tasks: readonly ListedTask[], outside: ReadonlyMap<number, readonly string[]>): Diagnostic[] {
  return [...outside].map(([index, paths]) => ({
    severity: "warning",
    rule: "outside-project",
    message: `Unexpected path outside the project in \`${tasks[index]?.id ?? ""}\`: ${paths.map((path) => `\`${path}\``).join(", ")}`,
    expected: "paths relative to the project",
    fix: "write the path as seen from the project's folder, or do this task by hand",
    place: tasks[index]?.source ?? null,
  }));
}
