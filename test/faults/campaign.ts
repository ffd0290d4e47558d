import { loadavg } from "node:os";
import { type Failing, failingPoints, systemErrors, tryError } from "./errors.ts";
import { cutEverywhere, flipEverywhere, mendEverywhere, type Spoilt } from "./journal.ts";
import { pointsOf, randomTrial, scenarios, type Trial, type TrialEnd, tryKill } from "./kill.ts";
import { dropRig, makeRig, run } from "./rig.ts";
import { fullDisk, secondSupervisor, stateNames, tryState } from "./states.ts";
import { jumpClock, sleepWell, spareStranger, tryStop, waysToStop } from "./stops.ts";
import { misbehave, rateLimit, storm } from "./workers.ts";
import { takeOverAgainAndAgain, writeAtOnce } from "./writers.ts";

/** What is asked of the campaign. */
export interface Asked {
  readonly cli: string;
  readonly seed: number;
  /** Of a part that goes by chance: how many. */
  readonly trials: number | null;
  /** Of a part that goes through all points: one of them alone. */
  readonly point: number | null;
  readonly say: (line: string) => void;
}

/** The figures of one part, for the table. */
export interface Figures {
  readonly trials: number;
  readonly faults: readonly string[];
  /** What was measured, in words. */
  readonly measured: string;
}

export const parts: Readonly<Record<string, (asked: Asked) => Promise<Figures>>> = {
  points: ({ point, seed, cli, say }) => killAtPoints(cli, 1, point, seed, say),
  "all-points": ({ point, seed, cli, say }) => killAtPoints(cli, 0, point, seed, say),
  kill: async ({ seed, trials, cli, say }) => {
    const points = (await pointsOf(cli, 0)).length;
    const wanted = trials ?? 250;
    return killAll(
      cli,
      Array.from({ length: wanted }, (_, nth) => randomTrial(seed + nth, points)),
      say,
    );
  },
  keeper: ({ seed, trials, cli, say }) =>
    killAll(
      cli,
      Array.from({ length: trials ?? 30 }, (_, nth): Trial => {
        const how = (["before", "after", "torn"] as const)[nth % 3] ?? "before";
        return { seed, scenario: 1, kills: [{ keeperAt: Math.floor(nth / 3) + 1, how }] };
      }),
      say,
    ),
  journal: async ({ seed, cli }) => {
    const rig = makeRig(cli, scenarios[1] ?? []);
    await run(rig, ["run", "tasks.md"]);
    const told = {
      cut: cutEverywhere(rig),
      "all bits flipped": flipEverywhere(rig, seed, true),
      "torn while mended": mendEverywhere(rig),
    };
    dropRig(rig);
    return spoiltFigures(told);
  },
  writers: async () => {
    const { expected, kept, torn, seconds } = await writeAtOnce(16, 1_000);
    const faults = kept === expected && torn === 0 ? [] : [`lost: ${expected - kept} of ${expected}, torn: ${torn}`];
    return {
      trials: expected,
      faults,
      measured: `${kept} of ${expected} kept, ${torn} torn, in ${seconds.toFixed(1)} s`,
    };
  },
  takeover: async ({ trials }) => {
    const { rounds, doubled, times } = await takeOverAgainAndAgain(trials ?? 1_000, 8);
    const slow = times.filter((time) => time > 2_000).length;
    const faults = doubled + slow === 0 ? [] : [`doubled: ${doubled} rounds, slow: ${slow}`];
    return { trials: rounds, faults, measured: `one winner in each; ${quantiles(times)}` };
  },
  errors: (asked) => failAtCalls(asked, "supervisor"),
  "keeper-errors": (asked) => failAtCalls(asked, "keeper"),
  workers: async ({ cli }) => {
    const { ended, faults } = await misbehave(cli);
    return { trials: ended.length, faults, measured: ended.join("; ") };
  },
  storm: async ({ cli }) => {
    const { waits, reason } = await storm(cli);
    const { pauses, attempts, code } = await rateLimit(cli);
    const faults = [
      ...(waits.join() === "1,2,4,0" ? [] : [`error: waits of ${waits.join(", ")} s`]),
      ...(reason.includes("workers in a row") ? [] : [`error: a run whose workers all crash ended with: ${reason}`]),
      ...(pauses.length === 3 && pauses.every((pause) => pause >= 3_000) && attempts === 1 && code === 0
        ? []
        : [
            `error: after a limit of 3 s launches came after ${pauses.join(", ")} ms, attempt ${attempts}, code ${code}`,
          ]),
    ];
    return {
      trials: 3,
      faults,
      measured: `waits ${waits.slice(0, -1).join(", ")} s; "${reason.slice(0, 60)}"; limit of 3 s: next launch after ${pauses[0]} ms`,
    };
  },
  stops: async ({ cli, seed, trials, say }) => {
    const faults: string[] = [];
    const seconds: number[] = [];
    for (let nth = 0; nth < (trials ?? 10); nth += 1)
      for (const way of waysToStop) {
        const end = await tryStop(cli, way, seed + nth, true);
        seconds.push(end.seconds * 1_000);
        // The grace of a worker, and a second.
        if (end.seconds > 5 + 1)
          say(`slow, load ${loadavg()[0]?.toFixed(1)}: ${end.name}: ${end.seconds.toFixed(1)} s`);
        for (const fault of end.faults)
          note(
            faults,
            `seed ${seed + nth}, ${end.name}: ${fault}${end.kept === null ? "" : ` (kept in ${end.kept})`}`,
            say,
          );
      }
    return { trials: seconds.length, faults, measured: `all workers gone: ${quantiles(seconds)}` };
  },
  clock: async ({ cli }) => {
    const faults = [...(await jumpClock(cli, 1)), ...(await jumpClock(cli, -1)), ...(await sleepWell(cli, 11))];
    return { trials: 3, faults, measured: "a day forth, a day back, eleven seconds of standstill under limits of ten" };
  },
  pid: async ({ cli }) => {
    const { lives, signals, faults } = await spareStranger(cli);
    const wrong =
      lives && signals === "" ? [] : [`error: the stranger ${lives ? "lives" : "died"}, and got ${signals}`];
    return { trials: 1, faults: [...faults, ...wrong], measured: "the stranger lives and got no signal" };
  },
  states: async ({ cli, say }) => {
    const faults: string[] = [];
    for (const name of stateNames)
      for (const fault of await tryState(cli, name)) note(faults, `${name}: ${fault}`, say);
    for (const fault of await secondSupervisor(cli)) note(faults, `second supervisor: ${fault}`, say);
    const full = await fullDisk(cli);
    for (const fault of full ?? []) note(faults, `full disk: ${fault}`, say);
    const disk = full === null ? "; the full disk was left out: nothing may be mounted here" : "";
    return {
      trials: stateNames.length + (full === null ? 1 : 2),
      faults,
      measured: `${stateNames.length} states, two supervisors${disk}`,
    };
  },
};

function note(faults: string[], fault: string, say: (line: string) => void): void {
  faults.push(fault);
  say(fault);
}

/** Every call of a scenario, on either side of it and torn where it can be. */
async function killAtPoints(
  cli: string,
  scenario: number,
  point: number | null,
  seed: number,
  say: (line: string) => void,
): Promise<Figures> {
  const calls = await pointsOf(cli, scenario);
  const at = point === null ? calls.map((_, nth) => nth + 1) : [point];
  const trials = at.flatMap((number): Trial[] => {
    const canTear = /^\d+ write(?:File)? /.test(calls[number - 1] ?? "");
    const hows = canTear ? (["before", "after", "torn"] as const) : (["before", "after"] as const);
    return hows.map((how) => ({ seed, scenario, kills: [{ at: number, how }] }));
  });
  const figures = await killAll(cli, trials, say);
  return { ...figures, measured: `${calls.length} calls that touch state; ${figures.measured}` };
}

/** Every call that writes, with every error, once and from then on. */
async function failAtCalls({ cli, point, say }: Asked, whose: Failing): Promise<Figures> {
  const points = await failingPoints(cli, whose);
  const faults: string[] = [];
  const trials = (point === null ? Array.from({ length: points }, (_, nth) => nth + 1) : [point]).flatMap((at) =>
    // From then on: the errors take turns.
    systemErrors.flatMap((how, nth) =>
      (nth === at % 5 ? [false, true] : [false]).map((lasting) => ({ at, lasting, how })),
    ),
  );
  // Most of it waits for the next try.
  await sideBySide(trials, 4, async ({ at, how, lasting }) => {
    const end = await tryError(cli, at, how, lasting, whose);
    for (const fault of end.faults) note(faults, `${end.name}: ${fault} (kept in ${end.kept})`, say);
  });
  const measured = `${points} calls, each once with ${systemErrors.join(", ")}, and from then on with one of them`;
  return { trials: trials.length, faults, measured };
}

async function sideBySide<Trial>(
  trials: readonly Trial[],
  lanes: number,
  attempt: (trial: Trial) => Promise<void>,
): Promise<void> {
  const left = [...trials];
  const lane = async (): Promise<void> => {
    for (let trial = left.shift(); trial !== undefined; trial = left.shift()) await attempt(trial);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function killAll(cli: string, trials: readonly Trial[], say: (line: string) => void): Promise<Figures> {
  const ends: TrialEnd[] = [];
  const faults: string[] = [];
  await sideBySide(trials, 2, async (trial) => {
    const end = await tryKill(cli, trial);
    ends.push(end);
    for (const fault of end.faults) note(faults, `${JSON.stringify(trial)}: ${fault} (kept in ${end.kept})`, say);
    const slow = end.recoveries.filter((time) => time > 1_000).map(Math.round);
    if (slow.length > 0) say(`slow, load ${loadavg()[0]?.toFixed(1)}: ${slow.join(", ")} ms: ${JSON.stringify(trial)}`);
  });
  const kills = ends.reduce((sum, end) => sum + end.kills, 0);
  const recoveries = ends.flatMap((end) => end.recoveries);
  return {
    trials: ends.length,
    faults,
    measured: `${kills} kills; recovery ${quantiles(recoveries)} of ${recoveries.length}, ${recoveries.filter((time) => time > 1_000).length} over 1 s`,
  };
}

function spoiltFigures(told: Readonly<Record<string, Spoilt>>): Figures {
  const all = Object.entries(told);
  return {
    trials: all.reduce((sum, [, { trials }]) => sum + trials, 0),
    faults: all.flatMap(([name, { wrong }]) => wrong.map((one) => `torn: ${name}: ${one}`)),
    measured: all
      .map(
        ([name, { trials, prefixes, refused }]) =>
          `${name}: ${trials}, of them ${prefixes} read as the events before, ${refused} refused`,
      )
      .join("; "),
  };
}

function quantiles(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`;
}

/** What a list of faults counts as, by their first word. */
export function countFaults(faults: readonly string[]): string {
  return ["lost", "torn", "doubled", "orphan", "leftover", "error"]
    .map((kind) => `${kind} ${faults.filter((fault) => new RegExp(`(?:^|: )${kind}: `).test(fault)).length}`)
    .join(", ");
}
