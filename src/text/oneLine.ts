import { inWords } from "../plan/minutes.ts";
import { visible } from "./escape.ts";

/** Foreign words of any length as one line for people: line ends become blanks, unseen characters are shown, the rest is cut. */
export function oneLine(text: string, most = 400): string {
  const line = text
    .slice(0, most * 4)
    .replaceAll(/\s+/g, " ")
    .trim();
  return visible(line.length > most ? `${line.slice(0, most)}…` : line);
}

/** `12 s`, `4 min`, `2 h 10`. Negative times count as none: clocks disagree. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : inWords(whole / 60);
}

/** `14:03` of an ISO time, in UTC. */
export function clock(iso: string): string {
  return iso.slice(11, 16);
}

/** `999`, `12 k`, `1.2 M`. */
export function tokensInWords(tokens: number): string {
  if (tokens < 1_000) return String(Math.round(tokens));
  return tokens < 999_500 ? `${Math.round(tokens / 1_000)} k` : `${(tokens / 1_000_000).toFixed(1)} M`;
}

export function dollarsInWords(dollars: number): string {
  return `$${dollars.toFixed(2)}`;
}
