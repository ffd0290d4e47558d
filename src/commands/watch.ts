import { statusOf } from "../show/status.ts";
import { showEvent } from "../show/event.ts";
import { frame, redraw } from "../show/watch.ts";
import { isOrphan } from "../show/sight.ts";
import type { Run } from "../run/store.ts";
import type { Answer, Invocation, Screen, World } from "./command.ts";
import { everyChange, followRun, leaving, whileReadable } from "./followRun.ts";
import { look } from "./look.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
/** Lines of a picture that is printed once, where nothing says how many there is room for. */
const enough = 1_000;
/** Milliseconds that a run may be without a supervisor before whoever follows it in a pipe is let go. */
const patience = 5_000;

/** Shows the newest run while it goes on: in place in a terminal, else one line for each event. Leaving it changes nothing. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  const { world } = input;
  if (input.options["once"] === true) {
    const now = world.now();
    const status = statusOf(opened, look(opened, now));
    return Promise.resolve(
      said(frame(status, { columns: world.columns ?? 80, rows: enough, now }, world.colour).join("\n")),
    );
  }
  return Promise.resolve({
    out: "",
    err: "",
    code: 0,
    live: (screen) => whileReadable(screen, () => watch(opened, world, screen)),
  });
}

async function watch(opened: Run, world: World, screen: Screen): Promise<Answer["code"]> {
  const inPlace = screen.size() !== null && world.env["TERM"] !== "dumb";
  const last = inPlace ? await draw(opened, world, screen) : await print(opened, world, screen);
  // Who leaves before the end knows no more than that it went on.
  return leaving(screen).aborted || last.state.finished === true ? 0 : 1;
}

/** Draws the run in place until it is over; the last picture stays. */
async function draw(opened: Run, world: World, screen: Screen): Promise<Run> {
  const follow = followRun(opened);
  let { run } = follow();
  let drawn = 0;
  let resized = false;
  screen.restore(showCursor);
  screen.write(hideCursor);
  try {
    await everyChange(
      opened,
      leaving(screen),
      () => {
        ({ run } = follow());
        const now = world.now();
        const sight = look(run, now);
        const { columns, rows } = screen.size() ?? { columns: 80, rows: 24 };
        // One column and one row stay free: a full line or screen would scroll.
        const lines = frame(statusOf(run, sight), { columns: columns - 1, rows: rows - 1, now }, world.colour);
        // What a terminal makes of old lines when its width changes cannot be known: the picture begins anew at the top.
        screen.write(resized ? `\u001b[H\u001b[2J${redraw(lines, 0)}` : redraw(lines, drawn));
        resized = false;
        drawn = lines.length;
        return isOver(run, sight.supervised);
      },
      (wake) =>
        screen.resized(() => {
          resized = true;
          wake();
        }),
    );
  } finally {
    screen.write(showCursor);
  }
  if (screen.interrupted.aborted && run.state.finished === null)
    screen.write(`The run goes on; \`stop\` ends it, \`watch\` shows it again.\n`);
  return run;
}

/** Prints one line for each event as it comes, until the run is over or nobody goes on with it. */
async function print(opened: Run, world: World, screen: Screen): Promise<Run> {
  const follow = followRun({ ...opened, events: [] });
  let { run, fresh } = { run: opened, fresh: opened.events };
  let alone: number | null = null;
  await everyChange(opened, leaving(screen), () => {
    ({ run, fresh } = follow());
    for (const event of fresh) {
      const line = showEvent(event, run.index, run.state);
      if (line !== null) screen.write(`${line}\n`);
    }
    const sight = look(run, world.now());
    alone = isOrphan(run.state, sight) ? (alone ?? performance.now()) : null;
    if (isOver(run, sight.supervised)) return true;
    if (alone === null || performance.now() - alone < patience) return false;
    screen.write("Nobody supervises the run: `inbox` says what waits for you, `resume` goes on.\n");
    return true;
  });
  return run;
}

/** Whether nothing more will happen unless somebody asks for it. */
function isOver({ state }: Run, supervised: boolean | null): boolean {
  if (state.finished === null && state.stopped === null) return false;
  return state.engine !== "headless" || supervised !== true;
}
