import type { Diagnostic } from "../model/diagnostic.ts";
import { duration, oneLine } from "../text/oneLine.ts";
import type { ApiResult } from "./api.ts";
import { parseJson } from "./bigJson.ts";

/** What was asked for, for the words of a problem. */
export interface Asked {
  readonly host: string;
  /** As in `octo/shop#12`. */
  readonly what: string;
  readonly now: Date;
}

export function githubProblem(rule: string, message: string, fix: string): Diagnostic {
  return { severity: "error", rule, message, fix, place: null };
}

/** Why an answer cannot be used, in words; null when it can. */
export function problemIn(result: ApiResult, { host, what, now }: Asked): Diagnostic | null {
  const said = "said" in result && result.said !== "" ? `: ${result.said}` : "";
  switch (result.kind) {
    case "not-installed":
      return githubProblem(
        "gh-missing",
        "`gh`, which reads issues from GitHub, is not installed",
        "install it (https://cli.github.com) and run `gh auth login`, or paste the issue's list behind the command",
      );
    case "not-logged-in":
      return notLoggedIn(host);
    case "timed-out":
      return githubProblem("github-timeout", `${host} did not answer in time about ${what}`, "try again");
    case "too-large":
      return githubProblem(
        "github-answer",
        `The answer of ${host} about ${what} is too large`,
        "copy the list of the issue to a file and name that",
      );
    case "unreachable":
      return githubProblem(
        "github-unreachable",
        `${host} cannot be reached about ${what}${said}`,
        "check the network and `gh auth status`, then try again",
      );
    case "answer":
      return result.status >= 200 && result.status < 300 ? null : refusal(result, { host, what, now });
  }
}

export function notLoggedIn(host: string): Diagnostic {
  return githubProblem(
    "gh-login",
    `\`gh\` is not logged in to ${host}`,
    `run \`gh auth login --hostname ${host}\`, then try again`,
  );
}

type Answered = Extract<ApiResult, { kind: "answer" }>;

function refusal(answer: Answered, { host, what, now }: Asked): Diagnostic {
  const { status, headers } = answer;
  const words = messageOf(answer);
  const says = words === "" ? "" : `: ${words}`;
  const limited = limitOf(answer, now);
  if (limited !== null)
    return githubProblem("github-rate-limit", `${host} ${limited.message}`, `try again ${limited.when}`);
  switch (status) {
    case 301:
    case 302:
    case 307:
    case 308:
      return githubProblem(
        "github-moved",
        `${what} was transferred to a place that this login is not led to`,
        "name it by its new address",
      );
    case 401:
      return githubProblem(
        "gh-login",
        `${host} does not accept the token of \`gh\`${says}`,
        `run \`gh auth login --hostname ${host}\`, then try again`,
      );
    case 403:
      return headers.has("x-github-sso")
        ? githubProblem(
            "github-forbidden",
            `${host} refuses ${what}: its organization asks for single sign-on`,
            "authorize the token for the organization (GitHub settings, Applications), then try again",
          )
        : githubProblem(
            "github-forbidden",
            `${host} refuses ${what}${says}`,
            "check that your login may read the repository; `gh auth refresh -s repo` adds the scope for private ones",
          );
    case 404:
      return githubProblem(
        "github-not-found",
        `${what} does not exist on ${host}, or your login may not see it`,
        "check owner, repository and number; for a private repository `gh auth refresh -s repo`",
      );
    case 410:
      return githubProblem(
        "github-gone",
        `${what} is gone${says}`,
        "it was deleted, or the repository has its issues switched off; name another issue or a file",
      );
    case 422:
      return githubProblem("github-refused", `${host} cannot answer about ${what}${says}`, "check what was asked for");
    default:
      return status >= 500
        ? githubProblem(
            "github-unavailable",
            `${host} has trouble at the moment (HTTP ${status})`,
            "try again in a few minutes; https://www.githubstatus.com says more",
          )
        : githubProblem("github-refused", `${host} answered HTTP ${status} about ${what}${says}`, "try again");
  }
}

/** Both kinds of limit: so many requests an hour, and too many in a short time. */
function limitOf(answer: Answered, now: Date): { message: string; when: string } | null {
  const { status, headers } = answer;
  if (status !== 403 && status !== 429) return null;
  const after = Number(headers.get("retry-after") ?? Number.NaN);
  if (headers.get("x-ratelimit-remaining") === "0" && !(after > 0)) {
    const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
    const left = reset * 1000 - now.getTime();
    return {
      message: `has answered all the requests that your login has in an hour (${headers.get("x-ratelimit-limit") ?? "its limit"})`,
      when: left > 0 ? `in ${duration(left / 1000)}` : "in an hour",
    };
  }
  if (after > 0 || status === 429 || /secondary rate limit|abuse detection/i.test(answer.body))
    return {
      message: "asks for a pause: too many requests in a short time",
      when: `in ${duration(after > 0 ? after : 60)}`,
    };
  return null;
}

/** GitHub's own words about a refusal. */
function messageOf({ body }: Answered): string {
  try {
    const value = parseJson(body);
    if (typeof value === "object" && value !== null && "message" in value && typeof value.message === "string")
      return oneLine(value.message, 200).replace(/[.\s]+$/, "");
  } catch {
    // An HTML page of a proxy says nothing that helps.
  }
  return "";
}
