import { isMap, isScalar, isSeq, type Node } from "yaml";
import type { Reference } from "../model/task.ts";
import type { Data } from "./data.ts";

/** The value of the first of these keys that a mapping has, or null. Case does not matter, nor do `_`, `-` and spaces. */
export function valueOf(node: unknown, ...keys: readonly string[]): Node | null {
  if (!isMap(node)) return null;
  const wanted = keys.map(plainKey);
  for (const want of wanted) {
    for (const { key, value } of node.items) {
      if (isScalar(key) && plainKey(String(key.value)) === want) return (value ?? null) as Node | null;
    }
  }
  return null;
}

function plainKey(key: string): string {
  return key.toLowerCase().replaceAll(/[ _-]/g, "");
}

/** A scalar as its author wrote it (`010`, `1.10`, `false`), without quotes; null for anything else. */
export function textOf(node: unknown): string | null {
  if (!isScalar(node) || node.value === null || node.value === undefined) return null;
  return typeof node.value === "string" ? node.value : (node.source ?? JSON.stringify(node.value));
}

export function booleanOf(node: unknown): boolean | null {
  return isScalar(node) && typeof node.value === "boolean" ? node.value : null;
}

/** The entries of a list, or the one value that stands in its place, each with its place. `"[]"` and blanks are none. */
export function referencesOf(data: Data, node: unknown): Reference[] {
  const items: readonly unknown[] = isSeq(node) ? node.items : [node];
  return items.flatMap((item) => {
    const text = textOf(item)?.trim() ?? "";
    if (isSeq(node)) return text === "" ? [] : [{ text, place: data.at(item) }];
    return splitList(text).map((part) => ({ text: part, place: data.at(item) }));
  });
}

/** `a, b`, `[a, b]` and `a` written as one text. */
function splitList(text: string): string[] {
  const inner = /^\[.*\]$/s.test(text) ? text.slice(1, -1) : text;
  return inner
    .split(",")
    .map((part) => part.trim().replace(/^["']|["']$/g, ""))
    .filter((part) => part !== "");
}

/** The texts of a list or of the one value in its place. */
export function textsOf(node: unknown): string[] {
  const items: readonly unknown[] = isSeq(node) ? node.items : [node];
  return items.flatMap((item) => textOf(item)?.trim() ?? []).filter((text) => text !== "");
}

export function itemsOf(node: unknown): readonly Node[] {
  return isSeq(node) ? (node.items as Node[]) : [];
}
