export function isBarrelName(name: string): boolean {
  return /^(?:index\.[cm]?[jt]sx?|__init__\.py|mod\.rs|lib\.rs)$/.test(name);
}

/** Whether half of a file's lines or more hand on what lies beside it, rather than do something themselves. */
export function handsOn(text: string): boolean {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(
      (line) => line !== "" && !/^(?:\/\/|\/\*|\*|#(?!\[)|"""|"use )/.test(line) && !/^[\w$ "']{1,200},$/.test(line),
    );
  const handing = lines.filter((line) =>
    /^(?:export (?:\*|\{|type \{)|(?:pub )?(?:mod|use) |from \.\S* import |import \S.{0,200} from ["']\.|\} from ["']\.)/.test(
      line,
    ),
  );
  return handing.length > 0 && handing.length * 2 >= lines.length;
}
