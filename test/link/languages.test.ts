import { expect, test } from "vitest";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import { makeList } from "./make.ts";

function edges(words: string): string[] {
  const tasks = [{ id: "1.1" }, { id: "1.2" }, { id: "2.1", text: `- [ ] 2.1 A task\n  - ${words}` }];
  const graph = link(makeList({ tasks }), defaultConfig);
  return graph.ok ? graph.value.edges.map((edge) => `${edge.from}→${edge.to}`).toSorted() : ["not linked"];
}

test.each([
  "depende de 1.1 e 1.2",
  "**Dependencias:** 1.1, 1.2",
  "Dependências: 1.1 e 1.2",
  "dépend de 1.1 et 1.2",
  "Abhängigkeiten: 1.1 und 1.2",
  "зависит от 1.1 и 1.2",
  "Dipendenze: 1.1, 1.2",
  "afhankelijk van 1.1 en 1.2",
  "phụ thuộc vào 1.1 và 1.2",
  "依赖：1.1、1.2",
  "依赖 1.1 和 1.2 完成",
  "依赖项：1.1，1.2",
  "依存: 1.1、1.2（完了後）",
  "依存関係: 1.1と1.2",
  "의존성: 1.1, 1.2",
])("a dependency in other words: %s", (words) => {
  expect(edges(words)).toEqual(["1.1→2.1", "1.2→2.1"]);
});

test.each(["全タスク", "所有任务"])("all tasks, in one word: %s", (words) => {
  expect(edges(`Dependencies: ${words}`)).toEqual(["1.1→2.1", "1.2→2.1"]);
});

test.each(["依存関係をインストールする", "依赖注入 1.1 版", "npm 의존성 추가"])(
  "words that state none: %s",
  (words) => {
    expect(edges(words)).toEqual([]);
  },
);
