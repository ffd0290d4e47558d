/** Everything by chance in a simulation comes from one of these, so that a seed replays it. */
export interface Random {
  /** 0 to 1, without 1. */
  readonly next: () => number;
  readonly chance: (probability: number) => boolean;
  /** A whole number from `least` to `most`, both included. */
  readonly int: (least: number, most: number) => number;
  readonly between: (least: number, most: number) => number;
  /** One of a list that is not empty. */
  readonly pick: <Item>(items: readonly Item[]) => Item;
}

/** A small generator (mulberry32 behind a mixed seed): the same numbers for the same seed on every machine. */
export function makeRandom(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number): number => least + next() * (most - least);
  const int = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    chance: (probability) => next() < probability,
    int,
    between,
    pick: (items) => items[int(0, items.length - 1)]!,
  };
}
