import type { Repository } from "../../model/repository.ts";
import { writes, type Claim } from "../locks/claims.ts";
import { commonplace } from "./finding.ts";

/** Who writes each file, by `writerKey`; files that many write are left out. */
export type Writers = ReadonlyMap<string, readonly number[]>;

export function writersOf(claims: readonly Claim[]): Writers {
  return new Map(
    claims.flatMap(({ scope, holders }) => {
      if (scope.kind !== "literal" || !scope.plain) return [];
      const writers = [...holders].flatMap(([task, access]) => (writes(access) ? task : []));
      return writers.length === 0 || writers.length > commonplace ? [] : [[scope.text, writers] as const];
    }),
  );
}

/** A path of the repository as scopes write it. */
export function writerKey(path: string, { ignoreCase }: Repository): string {
  return ignoreCase ? path.toLowerCase() : path;
}
