import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { handsOn } from "../../src/repository/barrel.ts";
import { importLines } from "../../src/repository/importLines.ts";
import { indexFiles, resolveImport } from "../../src/repository/resolveImport.ts";
import { expectLinear } from "../growth.ts";

/** The files of a project that a text at a path imports. */
function imported(path: string, text: string, files: readonly string[]): string[] {
  const index = indexFiles([...files, path]);
  return [...new Set(importLines(path, text).flatMap((line) => resolveImport(index, path, line)))].toSorted();
}

describe("imports are found in", () => {
  test("TypeScript and JavaScript: relative, with another ending, index files, aliases, require, over several lines", () => {
    const text = [
      'import { a } from "./a.js";',
      'export * from "../core";',
      "import type {",
      "  B,",
      "} from '@/lib/b';",
      'const c = require("./c.cjs"); const d = await import("./d");',
      'import fs from "node:fs";',
    ].join("\n");
    const files = ["src/ui/a.ts", "src/core/index.ts", "src/lib/b.tsx", "src/ui/c.cjs", "src/ui/d.vue"];
    expect(imported("src/ui/x.ts", text, files)).toEqual(files.toSorted());
  });

  test("Python: packages, modules, relative ones, names that are modules", () => {
    const text =
      "import os, app.core.clock as clock\nfrom .limiter import Limiter\nfrom ..models import user, other\nfrom app import settings\n";
    const files = [
      "app/core/clock.py",
      "app/api/limiter.py",
      "app/models/__init__.py",
      "app/models/user.py",
      "app/settings.py",
    ];
    expect(imported("app/api/views.py", text, files)).toEqual(files.toSorted());
  });

  test("Go: the files of the imported package, without its tests", () => {
    const text =
      'package main\n\nimport (\n\t"fmt"\n\tlim "example.org/me/internal/limit"\n)\n\nvar x = "internal/other"\n';
    const files = ["internal/limit/limit.go", "internal/limit/limit_test.go", "internal/other/other.go"];
    expect(imported("main.go", text, files)).toEqual(["internal/limit/limit.go"]);
  });

  test("Rust: modules, crate, self and super paths, with braces", () => {
    const text = "mod clock;\nuse crate::limit::{Limiter, Key};\nuse super::mail::send as s;\nuse std::fmt;\n";
    const files = ["src/api/clock.rs", "src/limit.rs", "src/mail/mod.rs"];
    expect(imported("src/api/mod.rs", text, files)).toEqual(files.toSorted());
  });

  test("Java: classes and static members", () => {
    const text = "import com.example.core.Clock;\nimport static com.example.core.Limits.MAX;\nimport java.util.List;\n";
    const files = ["src/main/java/com/example/core/Clock.java", "src/main/java/com/example/core/Limits.java"];
    expect(imported("src/main/java/com/example/App.java", text, files)).toEqual(files);
  });
});

test("any text is read, and what is found is a file of the project", () => {
  const path = fc.constantFrom("a.ts", "a.py", "a.go", "a.rs", "A.java");
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "import ",
      "from .",
      "import (",
      "use crate::",
      "mod ",
      'from "',
      "from ... import x",
      "import ../../..",
      "use super::super::super::x;",
    ),
  );
  fc.assert(
    fc.property(path, fc.array(line), (name, lines) => {
      const files = ["b.ts", "b.py", "b/b.go", "b.rs", "b/B.java"];
      for (const found of imported(name, lines.join("\n"), files)) expect([...files, name]).toContain(found);
    }),
  );
});

test.each([
  ["a.ts", "import { from "],
  ["a.py", "from a import ("],
  ["a.rs", "pub use crate::{"],
  ["a.ts", `${"import(".repeat(100)}\n`],
])("a million bytes of openings of an import in %s cost no more than their length", async (name, piece) => {
  await expectLinear((bytes) => importLines(name, piece.repeat(bytes / piece.length)), 1_400_000);
});

test("an index file hands on what lies beside it, or does something itself", () => {
  expect(handsOn('// all of it\nexport * from "./a.ts";\nexport { b } from "./b.ts";\n')).toBe(true);
  expect(handsOn("from .a import A\nfrom .b import B\n\n__all__ = ['A']\n")).toBe(true);
  expect(handsOn("pub mod a;\nmod b;\n")).toBe(true);
  expect(handsOn('import { run } from "./run.ts";\nconst a = 1;\nrun(a);\nconsole.log(a);\n')).toBe(false);
  expect(handsOn("")).toBe(false);
});
