/** A string, or a number of 16 digits and more, which a double does not hold exactly. */
const stringOrBig = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])-?\d{16,}\b(?![.eE])/g;

/** Parses JSON without rounding: whole numbers of 16 digits and more come as strings. Throws what `JSON.parse` throws. */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replaceAll(stringOrBig, (part) => (part.startsWith('"') ? part : `"${part}"`)));
}
