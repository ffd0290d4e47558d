/**
 * The hash of a plan: SHA-256 over the JSON of everything in it but the hash. A plan is always built, written and read back with
 * its keys in the same order, so that the text need not be sorted first.
 */
export function planHash(plan: object): string {
  const rest = Object.fromEntries(Object.entries(plan).filter(([key]) => key !== "hash"));
  return `sha256:${process.getBuiltinModule("node:crypto").createHash("sha256").update(JSON.stringify(rest)).digest("hex")}`;
}
