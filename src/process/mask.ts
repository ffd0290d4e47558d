/** What stands where a secret stood. */
export const masked = "‹masked›";

/**
 * Shapes of well-known secrets. Each stays linear on any text: what follows a prefix is one run of one class, or is bounded,
 * or begins only where such a run begins.
 */
const shapes: readonly RegExp[] = [
  /sk-(?:ant|proj|svcacct)-[\w-]{8,}/g,
  /(?<![\w-])sk-[A-Za-z0-9]{20,}/g,
  /gh[opsur]_[A-Za-z0-9]{16,}/g,
  /github_pat_\w{20,}/g,
  /glpat-[\w-]{16,}/g,
  /npm_[A-Za-z0-9]{30,}/g,
  /(?:AKIA|ASIA)[A-Z0-9]{16}/g,
  /AIza[\w-]{35}/g,
  /xox[abeprs]-[A-Za-z0-9-]{10,}/g,
  /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /(?<=\bBearer[ \t]{1,4})[\w.~+/=-]{8,}/gi,
  /(?<=\baws_?secret_?access_?key["']?[ \t]{0,4}[:=][ \t]{0,4}["']?)[A-Za-z0-9/+]{40}/gi,
  /(?<=:\/\/[^\s/:@]{0,100}:)[^\s/@]{3,200}(?=@)/g,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
];

const secretName = /KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIAL/i;
const shortest = 8;

/**
 * The values in an environment that must not be shown: those of variables whose names speak of a key, token, secret,
 * password or credential. Values under eight characters and plain numbers are no secrets. Longest first.
 */
export function secretsOf(env: NodeJS.ProcessEnv): string[] {
  const values = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && secretName.test(name) && value.length >= shortest && !/^\d+$/.test(value) ? [value] : [],
  );
  // As they stand in JSON and in a URL.
  const forms = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]);
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}

/** Replaces these values and everything that has the shape of a well-known secret. Linear in the length of the text. */
export function mask(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((left, secret) => left.replaceAll(secret, masked), text);
  return shapes.reduce((left, shape) => left.replace(shape, masked), known);
}

/** Masks a stream line by line, with the lines of a private key between its first and its last. One for each stream. */
export function lineMasker(secrets: readonly string[]): (line: string) => string {
  let inKey = false;
  return (line) => {
    const ends = /-----END [A-Z ]{0,30}PRIVATE KEY-----/.test(line);
    if (inKey) {
      inKey = !ends;
      return masked;
    }
    inKey = !ends && /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/.test(line);
    return mask(line, secrets);
  };
}
