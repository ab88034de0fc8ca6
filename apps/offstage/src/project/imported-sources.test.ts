import { expect, test } from "vitest";
import { importedSources } from "./imported-sources.ts";

test("what a module may import is read once, through workflows and through the owner's own code, each from where it lies", () => {
  const texts: { readonly [name: string]: string } = {
    reports: `import { slug } from "./own/text.ts"; import again from "./first.ts";`,
    "own/text": `import { near } from './deep/near.ts'; import "node:path"; import "./gone.ts";`,
    "own/deep/near": `export * from "../hyphens.ts"; export * from "./near.ts";`,
    "own/hyphens": "export const hyphen = 1;",
    hyphens: "a workflow that nobody imports",
    first: `import reports from "./reports.ts";`,
  };
  const asked: string[] = [];
  const found = importedSources(`import reports from "./reports.ts";`, (name) => (asked.push(name), texts[name] ?? null));
  expect([...found]).toEqual(["reports", "own/text", "own/deep/near", "own/hyphens", "first"].map((name) => [name, texts[name]]));
  expect(asked).toEqual(["reports", "own/text", "own/deep/near", "own/hyphens", "own/gone", "first"]);
});
