// Loaded before the helper with `node --import`: counts the calls that touch state, and spoils one of them. `ORCHESTRATE_FAULT` says which:
// {folder, at, how, only?, lasting?, seconds?, once?, trace?, keeper?, clock?}. Product code knows nothing of it, and its children do not get it
// (a keeper does with `keeper`, under its own numbers).
import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { fileURLToPath } from "node:url";

const fault = JSON.parse(process.env.ORCHESTRATE_FAULT ?? "null");
delete process.env.ORCHESTRATE_FAULT;
const real = { ...fs };
const paths = new Map();
let count = 0;
let metAt;

if (fault !== null) install();

function install() {
  if (fault.clock !== undefined) shiftClock(fault.clock);
  const isOurs = (path) => String(path).startsWith(fault.folder);
  const isWriting = (flags) => (typeof flags === "number" ? (flags & 3) !== 0 : /[wa+]/.test(flags ?? "r"));

  fs.openSync = (path, flags, mode) => {
    const open = () => {
      const file = real.openSync(path, flags, mode);
      if (isOurs(path)) paths.set(file, String(path));
      else paths.delete(file);
      return file;
    };
    return isOurs(path) && isWriting(flags) ? point("open", path, open) : open();
  };
  fs.writeSync = (file, data, ...rest) => {
    const path = paths.get(file);
    const write = () => real.writeSync(file, data, ...rest);
    const half = () => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data);
      const [from = 0, length = bytes.length - from, position = null] = rest;
      real.writeSync(file, bytes, from, Math.floor(length / 2), position);
    };
    return path === undefined ? write() : point("write", path, write, half);
  };
  fs.fsyncSync = (file) => {
    const sync = () => real.fsyncSync(file);
    return paths.has(file) ? point("fsync", paths.get(file), sync) : sync();
  };
  fs.writeFileSync = (path, data, options) => {
    const write = () => real.writeFileSync(path, data, options);
    const half = () => real.writeFileSync(path, Buffer.from(data).subarray(0, Buffer.byteLength(data) / 2), options);
    return isOurs(path) ? point("writeFile", path, write, half) : write();
  };
  for (const name of ["renameSync", "mkdirSync", "rmSync", "rmdirSync", "unlinkSync", "chmodSync", "copyFileSync"])
    fs[name] = (path, ...rest) => {
      const call = () => real[name](path, ...rest);
      return isOurs(path) ? point(name.replace("Sync", ""), path, call) : call();
    };
  fs.watch = (path, ...rest) => {
    const call = () => realWatch(path, ...rest);
    return isOurs(path) ? point("watch", path, call) : call();
  };
  const realWatch = real.watch;
  const { spawn, execFile } = childProcess;
  childProcess.spawn = (program, args, options) => {
    const given = Array.isArray(args) ? args : [];
    const isKeeper = given[1] === "keep";
    const what = isKeeper ? "keep" : String(given[0] ?? program);
    return point("spawn", what, () => {
      const child = isKeeper && fault.keeper ? spawnSpoilt(program, given, options) : spawn(program, args, options);
      child.prependListener("exit", () => point("exit", what, () => undefined));
      return child;
    });
  };
  const spawnSpoilt = (program, args, options) =>
    spawn(program, ["--import", fileURLToPath(import.meta.url), ...args], {
      ...options,
      env: { ...options.env, ORCHESTRATE_FAULT: JSON.stringify(fault.keeper) },
    });
  childProcess.execFile = (program, args, ...rest) =>
    point("spawn", `${program} ${args.slice(0, 2).join(" ")}`, () => {
      const child = execFile(program, args, ...rest);
      child.prependListener("exit", () => point("exit", `${program} ${args.slice(0, 2).join(" ")}`, () => undefined));
      return child;
    });
  syncBuiltinESMExports();
}

/** One call that touches state: number `count` of this process. `half` does a part of it, where it can stop in the middle. */
function point(name, path, call, half) {
  const only = fault.only;
  if (only !== undefined && !new RegExp(only).test(`${name} ${path}`)) return call();
  count += 1;
  const isDue = fault.how !== undefined && (fault.lasting ? count >= fault.at && lasts() : count === fault.at);
  // What cannot be torn passes the fault on to the next that can.
  if (isDue && fault.how === "torn" && half === undefined) {
    fault.at += 1;
    return call();
  }
  if (fault.trace !== undefined && (fault.how === undefined || isDue))
    real.appendFileSync(fault.trace, `${count} ${name} ${String(path).replaceAll(/\s+/g, " ")}\n`);
  if (!isDue || (fault.once !== undefined && !isFirst(fault.once))) return call();
  switch (fault.how) {
    case "before":
      return end();
    case "after": {
      call();
      return end();
    }
    case "torn": {
      half();
      return end();
    }
    default:
      if (name === "exit") return call();
      if (name === "spawn" && fault.how !== "EMFILE") return call();
      throw Object.assign(new Error(`${fault.how}: made by the test, ${name} '${path}'`), {
        code: fault.how,
        errno: -1,
        syscall: name,
      });
  }
}

/** Whether a fault that lasts is still there: with `seconds` it is mended so long after it was met first. */
function lasts() {
  if (fault.seconds === undefined) return true;
  metAt ??= performance.now();
  return performance.now() - metAt < fault.seconds * 1_000;
}

function isFirst(path) {
  try {
    real.closeSync(real.openSync(path, "wx"));
    return true;
  } catch {
    return false;
  }
}

function end() {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

/** Moves the time of day by `milliseconds` as soon as the file `when` is there; the steady clock goes on as it is. */
function shiftClock({ when, milliseconds }) {
  const RealDate = Date;
  const now = () => RealDate.now() + (real.existsSync(when) ? milliseconds : 0);
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(now());
      else super(...given);
    }
    static now() {
      return now();
    }
  };
}
