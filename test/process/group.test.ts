import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { endGroup, startGroup } from "../../src/process/group.ts";
import { identityOf, isAlive } from "../../src/process/identity.ts";

const started: number[] = [];
afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It ended in its test.
    }
  }
});

/** Starts a shell script, and waits until it says that it is ready. */
async function start(script: string) {
  const group = await startGroup(["sh", "-c", script], "/");
  if (!group.ok) throw new Error(group.why);
  started.push(group.leader.pid);
  const exit = once(group.child, "exit");
  const [said] = (await once(group.child.stdout ?? process.stdin, "data")) as [Buffer];
  return { ...group, exit, said: said.toString().trim() };
}

test("a group that ends when asked is only asked", async () => {
  const { leader, exit } = await start("trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done");
  await endGroup(leader, 10);
  expect(await exit).toEqual([7, null]);
});

test("a group that ignores the request is killed after the grace, with its children", async () => {
  const { leader, exit, said } = await start("trap '' TERM; sleep 1000 & echo $!; wait");
  const child = identityOf(Number(said));
  await endGroup(leader, 0.1);
  expect(await exit).toEqual([null, "SIGKILL"]);
  expect(child !== null && isAlive(child)).toBe(false);
});

test("what a leader that is gone left in its group ends too", async () => {
  const { leader, exit, said } = await start("sleep 1000 >/dev/null 2>&1 & echo $!");
  await exit;
  const child = identityOf(Number(said));
  expect(child !== null && isAlive(child)).toBe(true);
  await endGroup(leader, 1);
  expect(child !== null && isAlive(child)).toBe(false);
});

test("a later process with the same number is not signalled", async () => {
  const { leader } = await start("echo ready; exec sleep 1000");
  await endGroup({ pid: leader.pid, start: "another" }, 0);
  expect(isAlive(leader)).toBe(true);
});

test("a program that cannot start is a sentence, also when its name holds a NUL", async () => {
  expect(await startGroup(["/etc"], "/")).toEqual({
    ok: false,
    why: "the program `/etc` may not be run; make it executable, or name another command",
  });
  expect((await startGroup(["a\0b"], "/")).ok).toBe(false);
});
