import { overlaps, parseScope } from "./scope.ts";

/** Whether some path may be in both of two scopes as written; false is a promise. */
export function scopesMeet(a: string, b: string): boolean {
  const [left, right] = [parseScope(a), parseScope(b)];
  return left === null || right === null || overlaps(left, right);
}
