/**
 * Minutes of `2h`, `30m`, `1.5 hours`, `1h 30m`, `3 days` (a day is 8 hours, a week 5 days), `~8m`, or of a size: XS 5, S 10, M 20,
 * L 40, XL 80. Null when the text is something else; `"wrong"` when it begins like an amount and is none.
 */
export function readEstimate(text: string): number | "wrong" | null {
  const value = text.trim().slice(0, 80).toLowerCase();
  const size = sizes.get(value.split(/[\s(,]/, 1)[0] ?? "");
  if (size !== undefined) return size;
  if (!/^[~≈<-]?\s*\d|^[+-]?(?:nan|inf)/.test(value)) return null;
  let rest = value.replace(/^[~≈<]\s*/, "");
  let minutes = 0;
  for (let part = amount.exec(rest); part; part = amount.exec(rest)) {
    minutes += Number(part[1]) * (units.get(part[2] ?? "") ?? Number.NaN);
    rest = rest.slice(part[0].length).replace(/^(?:\s|,(?=\s*\d))+/, "");
  }
  if (rest !== "" && !/^[(,;–—-]/.test(rest)) return "wrong";
  return minutes > 0 && minutes < 1e6 ? minutes : "wrong";
}

const amount = /^(\d{1,6}(?:\.\d{1,4})?)(?:\s*[-–]\s*\d{1,6}(?:\.\d{1,4})?)?\s*([a-z]{1,8})\b\.?/;
const sizes = new Map([
  ["xs", 5],
  ["s", 10],
  ["small", 10],
  ["m", 20],
  ["medium", 20],
  ["l", 40],
  ["large", 40],
  ["xl", 80],
]);
const units = new Map<string, number>([
  ...["m", "min", "mins", "minute", "minutes"].map((unit) => [unit, 1] as const),
  ...["h", "hr", "hrs", "hour", "hours"].map((unit) => [unit, 60] as const),
  ...["d", "day", "days"].map((unit) => [unit, 480] as const),
  ...["w", "wk", "week", "weeks"].map((unit) => [unit, 2400] as const),
]);
