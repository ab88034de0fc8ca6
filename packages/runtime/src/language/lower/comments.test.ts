import { hashProgram } from "../../program/index.ts";
import { programOf } from "../../testing/compile-source.ts";
import { expect, test } from "vitest";

const source = (comment: string): string => `import { workflow } from "offstage";
${comment}
export default workflow({ name: "w", on: [] }, async () => \`// no comment \${1 /* of one */}\`); // behind
`;

test("a Program carries the comments of its text, without what marks them, and its hash knows nothing of them", () => {
  const program = programOf(source("/**\n * First.\n *\n * Second.\n */"));
  expect(program.debug.comments?.map(({ text, behind }) => ({ text, behind }))).toEqual([
    { text: "First.\n\nSecond.", behind: false }, { text: "of one", behind: true }, { text: "behind", behind: true },
  ]);
  expect(hashProgram(program)).toBe(hashProgram(programOf(source("// another"))));
});
