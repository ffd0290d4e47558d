import * as z from "zod";
import type { Diagnostic } from "./diagnostic.ts";
import { Place } from "./place.ts";
import type { ListedTask } from "./task.ts";
import type { TaskList } from "./list.ts";

/**
 * What an edge rests on, strongest first among the statements: `graph` (machine-written), `stated` (the task's own
 * field or words), `section` (a dependency section), `gate`, `parent`, `phase`, `order` (markers and document order).
 * `file`, `symbol` and `inferred` are found, not stated; they only ever add. `unresolved` stands in for a statement that
 * names no task of the list: until it is answered, its task runs after everything above it.
 */
export const EdgeKind = z.enum([
  "stated",
  "graph",
  "section",
  "phase",
  "order",
  "parent",
  "gate",
  "file",
  "symbol",
  "inferred",
  "unresolved",
]);
export type EdgeKind = z.infer<typeof EdgeKind>;

/** `from` finishes before `to` starts. */
export const Edge = z.object({
  from: z.string(),
  to: z.string(),
  kind: EdgeKind,
  evidence: z.string().describe("the words it rests on"),
  source: Place.nullable().describe("where those words stand"),
  confidence: z.number().min(0).max(1),
});
export type Edge = z.infer<typeof Edge>;

/** What keeps tasks apart: a file or folder, a pattern, a class of hot files, files that history changes together, a named resource, the list's own word, an answer. */
export const ConflictKind = z.enum(["file", "glob", "hot", "history", "resource", "stated", "answer"]);
export type ConflictKind = z.infer<typeof ConflictKind>;

const Words = z.object({ evidence: z.string(), source: Place.nullable() });

/** Two tasks that may run in either order but never together, and on what. */
export const Conflict = z.object({
  tasks: z.tuple([z.string(), z.string()]),
  on: z.string().describe("a path, a glob, a class of hot files or a named resource"),
  kind: ConflictKind,
  because: z.tuple([Words, Words]).describe("the words of each task and where they stand"),
});
export type Conflict = z.infer<typeof Conflict>;

/**
 * A thing that several tasks use: the compact form of all conflicts on it. Tasks run together only while the sum of
 * their amounts stays within `capacity`: a writer takes all of it, a reader one unit.
 */
export const Lock = z.object({
  on: z.string(),
  kind: ConflictKind,
  capacity: z.int().min(1),
  holders: z.array(
    z.object({ task: z.string(), amount: z.int().min(1), evidence: z.string(), source: Place.nullable() }),
  ),
});
export type Lock = z.infer<typeof Lock>;

/**
 * What code cannot decide, as a question to be answered with yes or no. Without an answer it counts as no, which changes
 * nothing. A yes to `beside` lets the tasks run beside others, to `before` puts the first before the second, to `apart`
 * keeps the two from running at once, to `meant` puts the first before the second and to `release` says that nothing is
 * waited for; both of these lift the wait of a statement that could not be resolved.
 */
export const Question = z.object({
  id: z.string().describe("`q1`, `q2`, …"),
  text: z.string(),
  effect: z.enum(["beside", "before", "apart", "meant", "release"]),
  tasks: z.array(z.string()),
  ifYes: z.string().describe("what a yes changes"),
  confidence: z.number().min(0).max(1).describe("how far the evidence speaks for yes"),
  source: Place.nullable(),
  answer: z.enum(["yes", "no"]).nullable(),
});
export type Question = z.infer<typeof Question>;

/** Evidence between two tasks that is too weak to act upon: a question may come of it. */
export interface Doubt {
  readonly effect: "before" | "apart";
  readonly tasks: readonly [string, string];
  readonly evidence: string;
  readonly source: Place | null;
  readonly confidence: number;
}

/** The part of the project that the title of a task without files means: a proposal, in force once somebody agrees. */
export interface Area {
  readonly task: string;
  readonly kind: "changelog" | "readme" | "ci" | "build" | "tests" | "documentation" | "endpoint" | "part";
  /** The kind in words: `the documentation`. */
  readonly label: string;
  /** The words that tell it from others of its kind. */
  readonly subject: readonly string[];
  /** Files and folders of the repository that are meant, as far as any has its name. */
  readonly paths: readonly string[];
  readonly evidence: string;
  readonly confidence: number;
  readonly source: Place;
}

/** Why a task may run beside no other: its files are not known and nobody said that it may. */
export interface Alone {
  readonly task: string;
  readonly reason: string;
}

/** A statement about order that could not be resolved, and the tasks that it may mean. */
export interface OpenStatement {
  readonly task: string;
  /** What it says comes first, as written. */
  readonly text: string;
  readonly evidence: string;
  readonly source: Place;
  readonly candidates: readonly string[];
}

/** A checked dependency graph: edges join tasks that exist, and there is no cycle. Only linking makes one. */
export interface TaskGraph {
  readonly list: TaskList;
  /** In document order; the same tasks as the list's. */
  readonly tasks: readonly ListedTask[];
  readonly edges: readonly Edge[];
  /** Statements that a stronger one contradicts: kept to be shown, not obeyed. */
  readonly overruled: readonly { readonly edge: Edge; readonly by: Edge }[];
  readonly locks: readonly Lock[];
  readonly alone: readonly Alone[];
  readonly areas: readonly Area[];
  /** Tasks whose areas somebody agreed to: they count as known. */
  readonly agreed: ReadonlySet<string>;
  readonly doubts: readonly Doubt[];
  readonly unresolved: readonly OpenStatement[];
  readonly diagnostics: readonly Diagnostic[];
}
