import { expect, test } from "vitest";
import { leaseOf } from "../../../../src/engines/headless/keeper/lease.ts";

test("twenty workers have ten ports each and none in common, and folders of their own attempt", () => {
  const leases = Array.from({ length: 20 }, (_, slot) => leaseOf(slot, `/attempt/${slot}`));
  const ports = new Set(leases.flatMap(({ ports }) => Array.from({ length: 10 }, (_, port) => ports + port)));
  expect([ports.size, Math.min(...ports), Math.max(...ports)]).toEqual([200, 42_000, 42_199]);
  expect(leases[3]).toEqual({ ports: 42_030, temp: "/attempt/3/tmp", cache: "/attempt/3/cache" });
});
