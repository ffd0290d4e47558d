/** Which points the bounded part of the campaign looks at: the same ones every time; `pnpm faults` looks at all. */
export const chosen = 20_778;
