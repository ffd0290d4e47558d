import { beforeAll, describe, expect, test } from "vitest";
import { bestSchedule } from "../../src/plan/schedule.ts";
import { faults } from "../plan/validate.ts";
import { makespan, simulate } from "../plan/simulate.ts";
import { asListed } from "./dispatches.ts";
import { instances, instancesExist, type Instance } from "./instances.ts";
import { mean, median, show, table, timed } from "./table.ts";

const sets = ["j30", "j120", "agentplan"] as const;

interface Solved {
  readonly instance: Instance;
  readonly forecast: number;
  readonly live: number;
  readonly listed: number;
  readonly forecastTime: number;
  readonly liveTime: number;
  readonly wrong: readonly string[];
}

if (!instancesExist) show("No schedule instances: put them into ../shared/data/schedules to measure schedules.");

describe.runIf(instancesExist)("published instances", () => {
  const solved = new Map<(typeof sets)[number], Solved[]>();
  beforeAll(() => {
    for (const set of sets) solved.set(set, instances(set).map(solve));
  });
  const all = (): Solved[] => [...solved.values()].flat();
  const above = (set: (typeof sets)[number], by: "forecast" | "live", bound: "chain" | "upper"): number =>
    100 * mean((solved.get(set) ?? []).map((one) => one[by] / one.instance[bound] - 1));
  const figures = (by: "forecast" | "live", time: "forecastTime" | "liveTime"): number[] => [
    above("j30", by, "upper"),
    above("j120", by, "chain"),
    above("agentplan", by, "upper"),
    median((solved.get("j120") ?? []).map((one) => one[time])),
  ];

  test("all of them are solved, and every schedule is valid", () => {
    expect(sets.map((set) => solved.get(set)?.length)).toEqual([480, 600, 216]);
    expect(all().flatMap((one) => one.wrong)).toEqual([]);
  });

  test("none is better than a proven optimum or a best known lower bound", () => {
    const impossible = all().filter(({ instance, forecast, live }) => Math.min(forecast, live) < instance.lower);
    expect(impossible.map((one) => one.instance.name)).toEqual([]);
  });

  test("no forecast is worse than document order", () => {
    expect(
      all()
        .filter(({ forecast, listed }) => forecast > listed)
        .map((one) => one.instance.name),
    ).toEqual([]);
  });

  test("the figures are reached", () => {
    const targets = { forecast: [0.9, 37.2, 0.2, 5], live: [4.6, 44.5, 2.2, 0.2] };
    const head = ["", "j30 % above best", "j120 % above longest chain", "agentplan % above best", "ms at 120 tasks"];
    const found = { forecast: figures("forecast", "forecastTime"), live: figures("live", "liveTime") };
    show(
      table(head, [
        row("forecast", found.forecast),
        row("  at most", targets.forecast),
        row("live dispatch", found.live),
        row("  at most", targets.live),
      ]),
    );
    for (const by of ["forecast", "live"] as const) {
      for (const [column, value] of found[by].entries()) expect(value).toBeLessThanOrEqual(targets[by][column] ?? 0);
    }
  });
});

function row(name: string, values: readonly number[]): string[] {
  return [name, ...values.map((value) => value.toFixed(2))];
}

/** Times are the best of three runs, and each run must give what the one before it gave. */
function solve(instance: Instance): Solved {
  const { problem } = instance;
  let schedule = bestSchedule(problem);
  let live = simulate(problem);
  const wrong = [...faults(problem, schedule.starts), ...faults(problem, live)];
  const forecastTimes: number[] = [];
  const liveTimes: number[] = [];
  for (let run = 0; run < 3; run++) {
    const [before, liveBefore] = [schedule, live];
    forecastTimes.push(timed(() => void (schedule = bestSchedule(problem))));
    liveTimes.push(timed(() => void (live = simulate(problem))));
    if (schedule.starts.some((start, v) => start !== before.starts[v])) wrong.push("the forecast differs from before");
    if (live.some((start, v) => start !== liveBefore[v])) wrong.push("the live run differs from before");
  }
  return {
    instance,
    forecast: schedule.minutes,
    live: makespan(live, problem.durations),
    listed: makespan(simulate(problem, problem.durations, asListed), problem.durations),
    forecastTime: Math.min(...forecastTimes),
    liveTime: Math.min(...liveTimes),
    wrong: wrong.map((fault) => `${instance.name}: ${fault}`),
  };
}
