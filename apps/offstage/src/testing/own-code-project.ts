import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createDeskProject, type DeskProject } from "./desk-project.ts";

const SLUGS = `import { each, once, workflow } from "offstage";
import { desk } from "#servers";
import { slug } from "./own/text.ts";

export default workflow({ name: "slugs", description: "Says every request by its slug.", on: [], limits: { writes: 20 } }, async () => {
  const { requests } = await desk.list_requests({});
  return each(requests, { key: (request) => request.id }, async (request) => {
    const text = await slug(request.title);
    await once(\`say:\${request.id}\`, () => desk.say({ text }));
    return text;
  });
});
`;
const OWN = `import { appendFileSync } from "node:fs";
import { hyphens } from "./hyphens.ts";
export async function slug(title: string): Promise<string> {
  appendFileSync(new URL("../../called.txt", import.meta.url), title + "\\n");
  return hyphens(title.toLowerCase());
}
`;
const HYPHENS = `export const hyphens = (text: string): string => text.replaceAll(" ", "-");\n`;

/** A desk with a workflow `slugs`, which calls a function of the project's own, in `workflows/own/text.ts`. */
export interface OwnCodeProject extends DeskProject {
  /** What that function was called with since the last reset. */
  called(): readonly string[];
  /** Writes the module of that function; as it was at first, when nothing is given. */
  writeOwn(text?: string): void;
}

/** Makes the project. A reset makes its own code what it was at first, too. */
export async function createOwnCodeProject(): Promise<OwnCodeProject> {
  const desk = await createDeskProject();
  const file = join(desk.folder, "called.txt");
  const writeOwn = (text = OWN): void => desk.write("workflows/own/text.ts", text);
  const writeAll = (): void => {
    desk.write("workflows/slugs.ts", SLUGS);
    desk.write("workflows/own/hyphens.ts", HYPHENS);
    writeOwn();
  };
  writeAll();
  return {
    ...desk,
    writeOwn,
    reset(state) {
      desk.reset(state);
      rmSync(file, { force: true });
      writeAll();
    },
    called: () => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []),
  };
}
