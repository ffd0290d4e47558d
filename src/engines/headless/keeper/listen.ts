import type { ChildProcess } from "node:child_process";
import { type Line, splitLines } from "../../../process/lines.ts";
import { type attemptFiles, type Progress, replaceFile } from "./files.ts";
import { openBounded, openRing } from "./log.ts";
import { lineMasker } from "../../../process/mask.ts";
import { readEvent, type StreamEvent } from "./protocol.ts";
import { linesOf, recordOf } from "./record.ts";
import { count, emptyTally, type Tally } from "./tally.ts";

/** Bytes of one line that are kept; a longer line is never protocol. */
const maxLine = 1024 * 1024;
const maxWords = 4_000;

export interface Ear {
  readonly tally: Tally;
  /** The end of what was no protocol, standard error included. */
  readonly words: () => string;
  /** A line of our own in both logs. */
  note(text: string): void;
  /** Takes what stands without a line end, and writes the last progress. Returns why a log is incomplete, or null. */
  close(): string | null;
}

/**
 * Reads a worker's output into the tally, the two logs and the progress file. `onOutput` is called for each chunk of bytes,
 * `onEvent` for each event after it was counted. A log or a disk that fails costs that log, nothing else.
 */
export function listen(
  { stdout, stderr }: ChildProcess,
  files: ReturnType<typeof attemptFiles>,
  { logBytes, secrets }: { readonly logBytes: number; readonly secrets: readonly string[] },
  {
    onOutput,
    onEvent,
  }: { readonly onOutput: (isStdout: boolean) => void; readonly onEvent: (event: StreamEvent) => void },
): Ear {
  const tally = emptyTally();
  const log = openRing(files.log, files.olderLog, logBytes);
  const stream = openBounded(files.stream, logBytes);
  const progress = writeAtMostOnceASecond(() => replaceFile(files.progress, progressOf(tally, times)));
  const times: Times = { first: null, last: null };
  let words = "";
  let isFull = false;

  function record(line: string, isResult: boolean): void {
    if (isResult ? stream.writeAlways(line) : stream.write(line)) return;
    if (isFull) return;
    isFull = true;
    stream.writeAlways(noteLine("this log is full; only results follow"));
  }

  function reader(clean: (line: string) => string, isProtocol: boolean): (line: Line) => void {
    return ({ text, dropped }) => {
      const event = isProtocol && dropped === 0 ? readEvent(text) : null;
      if (event === null) {
        // A secret may stand across the cut: what is shown ends well before it.
        const shown = dropped === 0 ? clean(text) : `${clean(text.slice(0, 8_192)).slice(0, 2_000)} …`;
        log.write(dropped === 0 ? `${shown}\n` : `${shown} (${dropped} bytes of this line were not kept)\n`);
        words = `${words}${shown.slice(-maxWords)}\n`.slice(-maxWords);
        return;
      }
      count(tally, event);
      const line = recordOf(event, new Date().toISOString(), secrets);
      if (line !== null) record(line, event.type === "result");
      const shown = linesOf(event).map(clean).join("\n");
      if (shown !== "") log.write(`${shown}\n`);
      onEvent(event);
    };
  }

  const out = splitLines(maxLine, reader(lineMasker(secrets), true));
  const error = splitLines(maxLine, reader(lineMasker(secrets), false));
  const take = (splitter: typeof out, isStdout: boolean) => (chunk: Buffer) => {
    times.last = new Date();
    if (isStdout) times.first ??= times.last;
    onOutput(isStdout);
    splitter.push(chunk);
    progress.soon();
  };
  stdout?.on("data", take(out, true));
  stderr?.on("data", take(error, false));

  return {
    tally,
    words: () => words,
    note(text) {
      stream.writeAlways(noteLine(text));
      log.write(`[keeper] ${text}\n`);
    },
    close() {
      out.end();
      error.end();
      progress.now();
      const problems = [log.close(), stream.close()];
      return problems.find((problem) => problem !== null) ?? null;
    },
  };
}

interface Times {
  first: Date | null;
  last: Date | null;
}

function noteLine(note: string): string {
  return `${JSON.stringify({ at: new Date().toISOString(), type: "keeper", note })}\n`;
}

function progressOf(tally: Tally, { first, last }: Times): Progress {
  const { turns, toolCalls, lastTool, tokens, dollars, retry } = tally;
  const waitsUntil = retry === null || last === null ? null : new Date(last.getTime() + retry.seconds * 1_000);
  return {
    firstEventAt: first?.toISOString() ?? null,
    lastEventAt: last?.toISOString() ?? null,
    turns,
    toolCalls,
    lastTool,
    tokens,
    dollars,
    waitsUntil: waitsUntil?.toISOString() ?? null,
  };
}

function writeAtMostOnceASecond(write: () => void): { soon(): void; now(): void } {
  let timer: NodeJS.Timeout | null = null;
  let written = -Infinity;
  const now = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    written = performance.now();
    try {
      write();
    } catch {
      // Progress is for looking at: the next write, or none, will do.
    }
  };
  return {
    now,
    soon() {
      timer ??= setTimeout(now, Math.max(0, written + 1_000 - performance.now()));
    },
  };
}
