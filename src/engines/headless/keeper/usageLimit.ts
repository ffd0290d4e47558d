import { plainWords } from "./resetTime.ts";

/** Names by which services and clients mark the failure itself, whatever words stand around them. */
const marked =
  /\brate_limit(?:ed|_error|_exceeded|_reached)?\b|\busage_limit(?:_reached|_exceeded)?\b|\boverloaded_error\b/i;
/** Words of an error by which the service takes no more for now. */
const limited = new RegExp(
  [
    "\\b(?:429|529)\\b",
    "\\btoo many requests\\b",
    "\\boverloaded\\b",
    "\\b(?:hit|reached|exceed(?:s|ed)?|over)\\b[^.\\n]{0,60}\\blimits?\\b",
    "\\blimits?(?: has been| have been| was| is)? (?:reached|exceeded|hit)\\b",
    "\\brate[ -]limited\\b",
    "\\bquota(?: has been| was| is)? (?:reached|exceeded)\\b",
    "\\btemporarily limiting requests\\b",
    "\\bout of (?:extra )?usage\\b",
    "\\bspending cap reached\\b",
  ].join("|"),
  "i",
);

/** Whether the words of a failure, which the client or the service chose, say that no more is taken for now. */
export function saysLimit(text: string): boolean {
  const plain = plainWords(text);
  return marked.test(plain) || limited.test(plain);
}

/** What stands behind the notice itself: nothing, a mark that parts, or the time. */
const behind = "(?=\\s*(?:$|[·|.:;,—–-]|resets?\\b|your limit\\b|\\())";
/** How a client begins a message that is nothing but such a notice. */
const notice = new RegExp(
  `^(?:(?:api )?error: ?)?(?:${[
    "(?:claude (?:ai )?)?usage limit reached",
    "(?:[\\w-]{1,20} ){0,3}limit (?:reached|exceeded)",
    "you(?:'ve| have) (?:hit|reached|exceeded|used up|run out of) your (?:[\\w-]{1,20} ){0,5}(?:limits?|usage|quota)(?: for [\\w -]{1,30})?",
    "you're out of (?:extra )?usage",
    "spending cap reached",
  ].join("|")})${behind}`,
  "i",
);

/**
 * Whether a text is such a notice and nothing else, as clients print it without an error, or before they begin. A worker's own words
 * that mention a limit are longer, begin otherwise, or go on as no notice does.
 */
export function isLimitNotice(text: string): boolean {
  const plain = plainWords(text).trim();
  return plain.length <= 300 && notice.test(plain);
}
