import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { identityOf, isAlive } from "../../src/process/identity.ts";
import { findByToken, sweep } from "../../src/process/sweep.ts";

/** Starts a process that holds the token, as the leader of a session of its own. */
async function start(token: string) {
  const child = spawn("sh", ["-c", "echo ready; exec sleep 1000"], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: process.env["PATH"], ORCHESTRATE_TOKEN: token },
  });
  await once(child.stdout, "data");
  const identity = identityOf(child.pid ?? 0);
  if (identity === null) throw new Error("the process has ended");
  return identity;
}

test("finds every process with the token, none with a longer or a shorter one, and kills all but those spared", async () => {
  const token = randomUUID();
  const [first, spared, longer] = await Promise.all([start(token), start(token), start(`${token}x`)]);
  try {
    expect(new Set(findByToken(token).map(({ pid }) => pid))).toEqual(new Set([first.pid, spared.pid]));
    expect(await sweep(token, [spared])).toEqual([]);
    expect([first, spared, longer].map(isAlive)).toEqual([false, true, true]);
  } finally {
    expect(await sweep(token)).toEqual([]);
    expect(await sweep(`${token}x`)).toEqual([]);
  }
});

test("finds nothing for a token that nobody holds", () => {
  expect(findByToken(randomUUID())).toEqual([]);
});
