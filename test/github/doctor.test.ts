import { expect, test } from "vitest";
import { doctor } from "../../src/model/doctor.ts";
import { shop } from "./project.ts";
import { askIn, makeGitHub, type GitHub } from "./server.ts";

async function found(github: GitHub, folder: string): Promise<{ level: string; found: string } | undefined> {
  const { out } = await askIn(folder, github, ["doctor", "--json"]);
  return doctor()
    .parse(JSON.parse(out))
    .findings.find(({ name }) => name === "github");
}

test("doctor says what gh may do where the project is: requests left and scopes", async () => {
  const github = await makeGitHub();
  expect(await found(github, shop())).toMatchObject({
    level: "fine",
    found: "octo/shop on github.com: 4999 of 5000 requests left this hour; scopes repo, read:org",
  });
  expect(github.requests).toEqual(["GET /rate_limit"]);
});

test("doctor says what GitHub refuses", async () => {
  const github = await makeGitHub();
  github.next("/rate_limit", { status: 401, body: { message: "Bad credentials" } });
  expect(await found(github, shop())).toMatchObject({
    level: "warning",
    fix: expect.stringContaining("gh auth login") as string,
  });
});

test.each([
  ["is not on a host that gh knows", "git@example.org:octo/shop.git"],
  ["has no remote", ""],
])("doctor asks nobody where the project %s", async (_, remote) => {
  const github = await makeGitHub();
  expect(await found(github, shop({}, remote))).toBeUndefined();
  expect(github.requests).toEqual([]);
});
