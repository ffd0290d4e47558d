import { besideNote, noteOf } from "../demo/notes.ts";
import { runningTasks } from "../run/whyNot.ts";
import { visible } from "../text/escape.ts";
import { showEvent } from "../show/event.ts";
import { statusOf } from "../show/status.ts";
import { paint, wrap } from "../text/layout.ts";
import { frame, redraw } from "../show/watch.ts";
import type { Run } from "../run/store.ts";
import type { Screen, World } from "./command.ts";
import { everyChange, followRun } from "./followRun.ts";
import { styleOf } from "./load.ts";
import { look } from "./look.ts";

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
/** Workers at once that are worth a word. */
const several = 3;

/**
 * Shows a run until `ended`: in a terminal the picture of `watch`, with a line above it for whatever a newcomer should
 * know of; else one line for each event, and those lines between them. Gives the run as it stands then.
 */
export async function showDemo(opened: Run, ended: Promise<unknown>, world: World, screen: Screen): Promise<Run> {
  const inPlace = screen.size() !== null && world.env["TERM"] !== "dumb";
  const style = styleOf(world);
  const follow = followRun({ ...opened, events: [] });
  let run = opened;
  let drawn = 0;
  let resized = false;
  let told = false;
  const step = (): boolean => {
    const followed = follow();
    ({ run } = followed);
    const lines: string[] = [];
    const note = (text: string | null): void => {
      if (text !== null)
        lines.push(...wrap(`* ${visible(text)}`, style.width - 1, "  ").map((line) => paint(style, "bold", line)));
    };
    for (const event of followed.fresh) {
      if (!inPlace) lines.push(...[showEvent(event, run.index, run.state)].flatMap((line) => line ?? []));
      note(noteOf(event, run.state));
    }
    const running = runningTasks(run.state).length;
    if (!told && running >= several) note(besideNote(running));
    told ||= running >= several;
    if (inPlace) {
      const now = world.now();
      const { columns, rows } = screen.size() ?? { columns: 80, rows: 24 };
      const picture = frame(statusOf(run, look(run, now)), { columns: columns - 1, rows: rows - 1, now }, world.colour);
      // The lines take the place of the old picture, and the new one comes below them.
      const text = redraw([...lines, ...(lines.length === 0 ? [] : [""]), ...picture], resized ? 0 : drawn);
      screen.write(resized ? `\u001b[H\u001b[2J${text}` : text);
      resized = false;
      drawn = picture.length;
    } else if (lines.length > 0) screen.write(`${lines.join("\n")}\n`);
    return false;
  };

  const over = new AbortController();
  void ended.then(
    () => over.abort(),
    () => over.abort(),
  );
  if (inPlace) {
    screen.restore(showCursor);
    screen.write(hideCursor);
  }
  try {
    await everyChange(opened, over.signal, step, (wake) =>
      screen.resized(() => {
        resized = true;
        wake();
      }),
    );
    step();
  } finally {
    if (inPlace) screen.write(showCursor);
  }
  return run;
}
