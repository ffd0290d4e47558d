import type { Place } from "../../model/place.ts";

/** A dependency that nobody stated: evidence that task `before` should finish before task `after` starts, as indices. */
export interface Finding {
  readonly before: number;
  readonly after: number;
  readonly kind: "symbol" | "inferred";
  readonly evidence: string;
  readonly source: Place | null;
  readonly confidence: number;
}

/** Findings from here on are acted upon, weaker ones are asked about. */
export const strong = 0.7;

/** A thing that more tasks than this have to do with says nothing about any two of them. */
export const commonplace = 12;
