import { watch } from "node:fs";

/** Tells when something in a folder changes; null where that cannot be had, and looking now and then must do. */
export function watchFolder(folder: string, changed: () => void): { close: () => void } | null {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
