import { expect, test } from "vitest";
import { exportSourceOf } from "../../testing/export-source.ts";
import { manifestText } from "./manifest.ts";

test("what own code needs is asked for beside the library, which is the carried one whatever the project takes", () => {
  const source = { ...exportSourceOf({}), packages: { offstage: "^0.0.1", slugify: "^1.6.6" } };
  const { dependencies, overrides } = JSON.parse(manifestText(source, [{ name: "offstage", file: "offstage-0.1.0.tgz", bytes: new Uint8Array() }])) as { readonly dependencies: unknown; readonly overrides: unknown };
  expect([dependencies, overrides]).toEqual([{ offstage: "file:vendor/offstage-0.1.0.tgz", slugify: "^1.6.6" }, { offstage: "$offstage" }]);
});
