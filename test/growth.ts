import { expect } from "vitest";

/** Milliseconds of processor time that the work takes: what else the machine does is not in it. */
export function costOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  return since(start);
}

/** Less than this may be noise, whatever the size. */
const nothing = 25;
/** Four times the size costs four times as much when the cost is linear, and sixteen times when it is quadratic. */
const most = 9;

/**
 * Claims that the work costs no more than its size: the processor time for `size` beside that for a quarter of it.
 * What disturbs a measurement only adds to it, so that the least of several goes counts on either side.
 */
export async function expectLinear(work: (size: number) => unknown, size: number, name = "the work"): Promise<void> {
  const quarter = Math.ceil(size / 4);
  await costed(work, quarter);
  let small = Infinity;
  let whole = Infinity;
  for (let go = 0; go < 6; go += 1) {
    small = Math.min(small, await costed(work, quarter), await costed(work, quarter));
    whole = Math.min(whole, await costed(work, size));
    if (whole < nothing || whole < most * small) return;
  }
  expect.fail(
    `${name}: size ${size} costs ${(whole / small).toFixed(1)} times as much as a quarter of it (${whole.toFixed(0)} ms, ${small.toFixed(0)} ms); linear would be 4`,
  );
}

async function costed(work: (size: number) => unknown, size: number): Promise<number> {
  const start = process.cpuUsage();
  await work(size);
  return since(start);
}

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
