import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { arrival } from "../until.ts";
import { parseJournal } from "../../src/run/parse.ts";

const at = "2026-01-01T00:00:00.000Z";

/** Builds a program of these lines, which may import from `src/`. */
export async function buildProgram(folder: string, name: string, contents: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    stdin: { contents, resolveDir: resolve(".") },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  return outfile;
}

/** What became of the updates of many processes at once. */
export interface Written {
  readonly expected: number;
  readonly kept: number;
  readonly torn: number;
  readonly seconds: number;
}

/** So many processes append so many events each to one journal, all at once. */
export async function writeAtOnce(processes: number, updates: number): Promise<Written> {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-writers-"));
  try {
    const path = join(folder, "events.jsonl");
    writeFileSync(path, "");
    const program = await buildProgram(
      folder,
      "writer",
      `import { append } from "./src/run/append.ts";
       const [path, name, updates] = process.argv.slice(2);
       for (let nth = 0; nth < Number(updates); nth++)
         append(path, [{ type: "answered", at: ${JSON.stringify(at)}, task: name, answer: String(nth) + "x".repeat(nth % 5000) }]);`,
    );
    const began = performance.now();
    const children = Array.from({ length: processes }, (_, name) =>
      spawn(process.execPath, [program, path, `W${name}`, String(updates)], { stdio: "ignore" }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0] as number));
    const seconds = (performance.now() - began) / 1_000;
    if (codes.some((code) => code !== 0)) throw new Error(`writers ended with ${codes.join(", ")}`);
    const journal = parseJournal(readFileSync(path));
    if ("damagedLine" in journal) return { expected: processes * updates, kept: 0, torn: 1, seconds };
    const said = new Set(
      journal.events.flatMap((event) =>
        event.type === "answered" ? `${event.task} ${Number.parseInt(event.answer, 10)}` : [],
      ),
    );
    // A writer that sees half of another's line says so, though the other half comes at once: nothing is torn by that.
    const torn = journal.torn === null ? 0 : 1;
    return { expected: processes * updates, kept: said.size, torn, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What became of a lock whose holder was killed again and again. */
export interface Taken {
  readonly rounds: number;
  /** Rounds in which not exactly one won. */
  readonly doubled: number;
  /** Milliseconds from the kill to the winner's word, one a round. */
  readonly times: readonly number[];
}

/**
 * Kills the holder of a run, and lets `waiters` processes try to take it over at once, again and again until one has it. Its own
 * killer waits for the winner's word, then until every other one has met the new holder.
 */
export async function takeOverAgainAndAgain(rounds: number, waiters: number): Promise<Taken> {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-takeovers-"));
  const program = await buildProgram(
    folder,
    "waiter",
    `import { takeOver } from "./src/engines/headless/engine/takeOver.ts";
     process.on("message", (folder) => {
       for (;;) {
         const taken = takeOver(folder);
         if ("token" in taken) { process.send({ won: taken.token }); return; }
         if (taken.held.token !== before) { before = taken.held.token; process.send({ lost: taken.held.token }); return; }
       }
     });
     let before = null;
     process.on("disconnect", () => process.exit());
     process.send({ ready: true });`,
  );
  const times: number[] = [];
  let doubled = 0;
  const children = new Set<ChildProcess>();
  const begin = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [program], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    children.add(child);
    await once(child, "message");
    return child;
  };
  try {
    let pool = await Promise.all(Array.from({ length: waiters + 1 }, begin));
    let holder: ChildProcess | null = null;
    let run = folder;
    for (let round = 0; times.length < rounds; round += 1) {
      // A short journal: this is about the lock, not about reading.
      if (round % 50 === 0) {
        if (holder !== null) await end(holder);
        if (holder !== null) pool.push(await begin());
        holder = null;
        run = mkdtempSync(join(folder, "run-"));
        writeFileSync(join(run, "events.jsonl"), "");
      }
      const next = holder === null ? null : begin();
      const words = pool.map((child) =>
        arrival("the word of one that takes over", once(child, "message")).then(([said]) => ({
          child,
          said: said as object,
          after: performance.now(),
        })),
      );
      const dies = holder === null ? null : once(holder, "exit");
      const killed = performance.now();
      holder?.kill("SIGKILL");
      for (const child of pool) child.send(run);
      if (holder !== null) children.delete(holder);
      await dies;
      const said = await Promise.all(words);
      const winners = said.filter(({ said: word }) => "won" in word);
      if (winners.length !== 1) doubled += 1;
      const [winner] = winners;
      if (winner === undefined) throw new Error(`nobody took over in round ${round}`);
      if (holder !== null) times.push(winner.after - killed);
      holder = winner.child;
      pool = pool.filter((child) => child !== winner.child);
      if (next !== null) pool.push(await next);
    }
    return { rounds: times.length, doubled, times };
  } finally {
    await Promise.all([...children].map(end));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const left = once(child, "exit");
  child.kill("SIGKILL");
  await left;
}
