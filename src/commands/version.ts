import plugin from "../../plugin.json" with { type: "json" };

/** The one place where the version is written is plugin.json. */
export const version: string = plugin.version;
