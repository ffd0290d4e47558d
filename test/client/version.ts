/** The Claude Code client that the tests are written against, and fetch where there is none. */
export const clientVersion = "2.1.332";
