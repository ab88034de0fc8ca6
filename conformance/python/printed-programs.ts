import { readdirSync, readFileSync } from "node:fs";
import { createCompiler } from "offstage/language";
import type { ProfileProgram, Program } from "offstage/program";
import { bodyProgram } from "../../packages/runtime/src/testing/compile-source.ts";
import { SUBSET } from "../subset/index.ts";
import { SERVER_TYPES } from "../world/servers.ts";

const ROOT = new URL("../../", import.meta.url);
const READS = /^(?:list|get|search|find|read)/;

/** What is printed: a Program under a name that files may have. */
export interface Printed<T> {
  readonly id: string;
  readonly program: T;
}

function text(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** Every case of the subset. */
export function subsetPrograms(): readonly Printed<Program>[] {
  return SUBSET.map(({ id, top, body }) => ({ id, program: bodyProgram(body, top) }));
}

/** The workflows of the scenarios, and that of the demo, with the fixtures' types. */
export function workflowPrograms(): readonly Printed<Program>[] {
  const compiler = createCompiler();
  const compile = (path: string, serverTypes: string): Program => {
    const { program, diagnostics } = compiler.compileWorkflow({
      file: path, source: text(path), serverTypes, module: (name) => text(`conformance/workflows/${name}.ts`),
      mayWrite: (_, tool, known) => !READS.test(tool) && known?.["action"] !== "get" && known?.["action"] !== "get_transitions",
    });
    if (program === null) throw new Error(`${path} does not check: ${JSON.stringify(diagnostics)}`);
    return program;
  };
  const played = readdirSync(new URL("conformance/workflows/", ROOT)).map((file) => ({ id: file.replace(".ts", ""), program: compile(`conformance/workflows/${file}`, SERVER_TYPES) }));
  return [...played, { id: "leak-tickets", program: compile("demo/project/workflows/leak-tickets.ts", text("packages/runtime/src/language/fixtures/servers.d.ts")) }];
}

/** The profiles that ship, and that of the demo. */
export function profilePrograms(): readonly Printed<ProfileProgram>[] {
  const compiler = createCompiler();
  const files = [...readdirSync(new URL("packages/runtime/profiles/", ROOT)).map((file) => `packages/runtime/profiles/${file}`), "demo/project/profiles/jira.ts"];
  return files.map((path) => {
    const { profile, diagnostics } = compiler.compileProfile({ server: "server", file: path, source: text(path) });
    if (profile === null) throw new Error(`${path} does not check: ${JSON.stringify(diagnostics)}`);
    return { id: path.replaceAll("/", "-").replace(".ts", ""), program: profile };
  });
}
