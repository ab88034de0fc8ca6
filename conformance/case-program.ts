import { readFileSync } from "node:fs";
import { compileProfile } from "offstage/engine";
import { createRulebook } from "offstage/host";
import { createCompiler, nodeApiFiles } from "offstage/language";
import { DEFAULT_POLICY, type Policy } from "offstage/model";
import type { ProfileProgram, Program } from "offstage/program";
import type { ConformanceCase } from "./case.ts";
import { SERVER_TYPES } from "./world/servers.ts";

const SERVERS = ["repo", "tracker", "chat", "shop"];
const compiler = createCompiler({ apiFiles: nodeApiFiles() });
const compiled = new Map<string, Program>();

/** The profiles of the world's servers, lowered. */
export const WORLD_PROFILES: ReadonlyMap<string, ProfileProgram> = new Map(SERVERS.map((server) => [server, profileOf(server)]));

/** What is known of every call of the world: its profiles. */
export const rulebook = createRulebook({ profiles: new Map([...WORLD_PROFILES].map(([server, profile]) => [server, compileProfile(profile)])), policyEffect: () => null, trustedRead: () => false });

/** The workflow of a case, lowered once for all its stages. */
export function programOf(workflow: ConformanceCase["workflow"]): Program {
  const file = typeof workflow === "string" ? workflow : nameIn(workflow.source);
  const source = typeof workflow === "string" ? textOf(`workflows/${file}`) : workflow.source;
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const { program, diagnostics } = compiler.compileWorkflow({ file, source, serverTypes: SERVER_TYPES, mayWrite: rulebook.mayWrite, module: moduleText });
  if (program === null) throw new Error(`${file} does not check: ${JSON.stringify(diagnostics, null, 1)}`);
  compiled.set(source, program);
  return program;
}

/** A workflow that is no case, from its text; null when it does not check. */
export function programOfSource(source: string): Program | null {
  return compiler.compileWorkflow({ file: "generated.ts", source, serverTypes: SERVER_TYPES, mayWrite: rulebook.mayWrite, module: moduleText }).program;
}

/** The policy that a case is played under. */
export function policyOf(one: Pick<ConformanceCase, "approve" | "deny">): Policy {
  const rule = (verdict: "approve" | "deny") => (name: string) => ({ verdict, server: name.split(".")[0] ?? "", tool: name.split(".")[1] ?? "" });
  return { ...DEFAULT_POLICY, rules: [...(one.deny ?? []).map(rule("deny")), ...(one.approve ?? []).map(rule("approve"))] };
}

function nameIn(source: string): string {
  return `${/\bname: "([^"]*)"/.exec(source)?.[1] ?? "nameless"}.ts`;
}

function profileOf(server: string): ProfileProgram {
  const { profile, diagnostics } = compiler.compileProfile({ server, file: `${server}.ts`, source: textOf(`world/profiles/${server}.ts`), serverTypes: SERVER_TYPES });
  if (profile === null) throw new Error(`profile ${server} does not check: ${JSON.stringify(diagnostics, null, 1)}`);
  return profile;
}

/** A workflow that another one calls or starts. */
function moduleText(name: string): string {
  return textOf(`workflows/${name}.ts`);
}

function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}
