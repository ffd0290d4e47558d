import { expect, test } from "vitest";
import { lineMasker, mask, masked, secretsOf } from "../../src/process/mask.ts";
import { expectLinear } from "../growth.ts";

const b64 = "A1b2".repeat(10);

test.each([
  ["an Anthropic key", `sk-ant-api03-${b64}`],
  ["an OpenAI key", `sk-proj-${b64}`],
  ["a GitHub token", `ghp_${b64}`],
  ["a GitHub app token", `ghs_${b64}`],
  ["a fine-grained GitHub token", `github_pat_${b64}`],
  ["a GitLab token", `glpat-${b64.slice(0, 20)}`],
  ["an npm token", `npm_${b64}`],
  ["an AWS key id", "AKIAIOSFODNN7EXAMPLE"],
  ["a Slack token", `xoxb-${b64}`],
  ["a JSON web token", `eyJ${b64}.eyJ${b64}.${b64}`],
])("%s is masked wherever it stands", (_, secret) => {
  expect(mask(`before="${secret}" after`, [])).toBe(`before="${masked}" after`);
  expect(mask(`x\n${secret}`, [])).toBe(`x\n${masked}`);
});

test("of a header, a URL and a setting only the secret is masked", () => {
  expect(mask("Authorization: Bearer abcdefgh12345", [])).toBe(`Authorization: Bearer ${masked}`);
  expect(mask("https://user:pa55word@host/x", [])).toBe(`https://user:${masked}@host/x`);
  expect(mask(`aws_secret_access_key = ${b64}`, [])).toBe(`aws_secret_access_key = ${masked}`);
});

test("ordinary text stays as it is", () => {
  const text = "task-and-more sk-short https://a.b/c:d@e Bearer of news; token = getToken(); 12:30 eyJ.a.b";
  expect(mask(text, [])).toBe(text);
});

test("values of secret-looking variables are masked, as they are and as JSON and URLs write them", () => {
  const secrets = secretsOf({
    DB_PASSWORD: 'p"ss/w\\rd 1',
    my_api_key: "longlonglong",
    LONGER_KEY: "longlonglonger",
    SHORT_TOKEN: "abc",
    MAX_OUTPUT_TOKENS: "3200000000",
    PATH: "/usr/bin:/bin",
  });
  expect(mask(`p"ss/w\\rd 1 ${JSON.stringify('p"ss/w\\rd 1')} ${encodeURIComponent('p"ss/w\\rd 1')}`, secrets)).toBe(
    `${masked} "${masked}" ${masked}`,
  );
  expect(mask("longlonglonger longlonglong", secrets)).toBe(`${masked} ${masked}`);
  expect(mask("abc 3200000000 /usr/bin:/bin", secrets)).toBe("abc 3200000000 /usr/bin:/bin");
});

test("a private key is masked from its first line to its last, whole or line by line", () => {
  const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${b64}\n-----END OPENSSH PRIVATE KEY-----`;
  expect(mask(`a\n${key}\nb`, [])).toBe(`a\n${masked}\nb`);
  expect(["a", ...key.split("\n"), "b"].map(lineMasker([]))).toEqual(["a", masked, masked, masked, "b"]);
});

test.each([
  "eyJaaaaaaaa.",
  "eyJ",
  "sk-ant-",
  "Bearer ",
  "://a:",
  "://",
  "-----BEGIN PRIVATE KEY-----",
  "ghp_",
  "a",
  "aws_secret_access_key ",
  "-",
])("a megabyte of %j costs no more than its length", async (piece) => {
  await expectLinear((bytes) => mask(piece.repeat(bytes / piece.length), ["secret-value"]), 1_000_000);
});
