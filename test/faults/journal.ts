import { readFileSync, writeFileSync } from "node:fs";
import { append } from "../../src/run/append.ts";
import { fold } from "../../src/run/fold.ts";
import { parseJournal } from "../../src/run/parse.ts";
import { openRun } from "../../src/run/store.ts";
import { makeRandom } from "../simulation/random.ts";
import { eventsOf, journalOf } from "./check.ts";
import { currentRun, type Rig } from "./rig.ts";

/** What came of reading spoilt journals. */
export interface Spoilt {
  readonly trials: number;
  /** Read as the events before some point, and with exactly the state of these. */
  readonly prefixes: number;
  readonly refused: number;
  /** Read as something else: must be empty. */
  readonly wrong: readonly string[];
}

/** Cuts the journal of a finished run at every byte. */
export function cutEverywhere(rig: Rig): Spoilt {
  const whole = readFileSync(journalOf(rig));
  return readAll(
    rig,
    Array.from({ length: whole.length }, (_, cut) => [`cut at ${cut}`, whole.subarray(0, cut)] as const),
  );
}

/** Flips one bit of every byte of the journal, or all eight in turn. Which one is by the seed. */
export function flipEverywhere(rig: Rig, seed: number, all: boolean): Spoilt {
  const whole = readFileSync(journalOf(rig));
  const random = makeRandom(seed);
  const flipped = (at: number, bit: number): readonly [string, Buffer] => {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    return [`bit ${bit} of byte ${at}`, bytes];
  };
  function* every(): Generator<readonly [string, Buffer]> {
    for (let at = 0; at < whole.length; at += 1)
      if (all) for (let bit = 0; bit < 8; bit += 1) yield flipped(at, bit);
      else yield flipped(at, random.int(0, 7));
  }
  return readAll(rig, every());
}

/** Tears the last line, and then, at every byte, what the next writer puts behind it to mend that. */
export function mendEverywhere(rig: Rig): Spoilt {
  const path = journalOf(rig);
  const whole = readFileSync(path);
  const events = eventsOf(rig);
  const lines = events.map((event) => JSON.stringify(event));
  const last = events.at(-1);
  const torn = whole.subarray(0, whole.length - 40);
  const told = { trials: 0, prefixes: 0, refused: 0, wrong: [] as string[] };
  try {
    writeFileSync(path, torn);
    if (last !== undefined) append(path, [last]);
    const mended = readFileSync(path);
    for (let cut = torn.length; cut <= mended.length; cut += 1) {
      told.trials += 1;
      writeFileSync(path, mended.subarray(0, cut));
      if (last !== undefined) append(path, [last]);
      const read = parseJournal(readFileSync(path));
      const kept =
        "events" in read
          ? read.events.filter(({ type }) => type !== "repaired").map((event) => JSON.stringify(event))
          : [];
      // The one that was torn is written again, once or twice.
      if (lines.every((line, at) => line === kept[at])) told.prefixes += 1;
      else told.wrong.push(`mended up to ${cut - torn.length}`);
    }
  } finally {
    writeFileSync(path, whole);
  }
  return told;
}

/** Puts each of these in the journal's place and opens the run; the journal is whole again afterwards. */
function readAll(rig: Rig, journals: Iterable<readonly [string, Buffer]>): Spoilt {
  const path = journalOf(rig);
  const run = currentRun(rig) ?? "";
  const whole = readFileSync(path);
  const events = eventsOf(rig);
  const lines = events.map((event) => JSON.stringify(event));
  const told = { trials: 0, prefixes: 0, refused: 0, wrong: [] as string[] };
  try {
    for (const [name, bytes] of journals) {
      told.trials += 1;
      writeFileSync(path, bytes);
      const opened = openRun(rig.project, run);
      if (!opened.ok) {
        told.refused += 1;
        continue;
      }
      const { events: read, state, plan, index } = opened.value;
      const isPrefix = read.every((event, at) => JSON.stringify(event) === lines[at]);
      const expected = fold(plan, events.slice(0, read.length), index);
      if (isPrefix && JSON.stringify([...state.tasks]) === JSON.stringify([...expected.tasks])) told.prefixes += 1;
      else told.wrong.push(name);
    }
  } finally {
    writeFileSync(path, whole);
  }
  return told;
}
