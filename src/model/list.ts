import type { Diagnostic } from "./diagnostic.ts";
import type { Place, TextLine } from "./place.ts";
import type { ConfigInput } from "./config.ts";
import type { ListedTask } from "./task.ts";
import * as z from "zod";

/** A line that looked like a task and is none, with the reason. Boxes seen = tasks + set aside. */
export const SetAside = z.object({ file: z.string(), line: z.int().min(1), text: z.string(), reason: z.string() });
export type SetAside = z.infer<typeof SetAside>;

/**
 * What the format says about tasks whose order nobody stated:
 * - `none`: nothing; only what is stated holds (JSON lists, lists typed by hand);
 * - `sequence`: each task waits for the one before it, across phases; tasks marked parallel stand side by side;
 * - `barriers`: inside a phase an unmarked task waits for all before it and holds back all after it; tasks marked
 *   parallel stand side by side (GitHub spec-kit, lists with `(sequential)` and `(parallel ready)`).
 */
export type OrderRule = "none" | "sequence" | "barriers";

/** A heading that groups tasks. */
export interface Phase {
  /** The heading as written, without its `#`s. */
  readonly name: string;
  /** `3` of `Phase 3: …`, `1.2` of `## 1.2 …`. */
  readonly number: string | null;
  /** What kind the format says it is: spec-kit's phases have rules of their own. */
  readonly kind: "setup" | "foundational" | "story" | "polish" | null;
  readonly story: string | null;
  /** The heading says that its tasks run side by side (true) or one after another (false). */
  readonly parallel: boolean | null;
  /** Whether this phase waits for the one before it when nothing else is stated. */
  readonly ordered: boolean;
  /** Index of the phase whose heading this heading stands under, or null. */
  readonly parent: number | null;
  readonly place: Place;
}

/** A line outside every task, where dependency sections are written. */
export interface ProseLine extends TextLine {
  /** Headings above it, outermost first, as written. */
  readonly headings: readonly string[];
  /** Info string of the fence it stands in (`""` for a bare fence), or null outside fences. */
  readonly fence: string | null;
  /** Index into `TaskList.phases` of the phase it stands in, or null. */
  readonly phaseIndex: number | null;
}

/** A task list as written, with positions: what a reader makes of a text. Nothing in it is resolved yet. */
export interface TaskList {
  /** Name of the format's reader, as in `speckit`. */
  readonly format: string;
  /** Why this format was chosen, in words. */
  readonly detected: string;
  readonly sources: readonly string[];
  readonly title: string | null;
  readonly tasks: readonly ListedTask[];
  readonly phases: readonly Phase[];
  readonly prose: readonly ProseLine[];
  readonly order: OrderRule;
  readonly setAside: readonly SetAside[];
  /** Task boxes seen in the text, whether or not they became tasks. */
  readonly boxes: number;
  /** Options from front matter or from the list's own fields. */
  readonly options: ConfigInput;
  readonly diagnostics: readonly Diagnostic[];
}
