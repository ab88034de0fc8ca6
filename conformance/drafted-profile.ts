import { createCompiler } from "offstage/language";
import { catalogueOf, draftProfile, EMPTY_LOCK, generateServerTypes, lockServer, NOTHING_LEARNT, type RawTool, serverIdentifiers, withServer } from "offstage/tools";

const compiler = createCompiler();

/** The draft for a server of these tools, as the checker takes it. */
export function compiledDraft(server: string, source: string, tools: ReadonlyMap<string, RawTool>) {
  const { catalogue } = catalogueOf({ server, era: "legacy", protocolVersion: "2025-11-25", serverInfo: {}, tools: [...tools.values()] });
  const lock = withServer(EMPTY_LOCK, server, lockServer(catalogue, source, () => [{ rule: null, effect: "write", from: "default" }]));
  const text = draftProfile({ identifier: serverIdentifiers([server]).get(server) ?? "", source, tools: catalogue.tools, learnt: () => undefined });
  const { profile, diagnostics } = compiler.compileProfile({ server, file: `profiles/${server}.ts`, source: text, serverTypes: generateServerTypes({ lock, learnt: NOTHING_LEARNT, profiles: [] }) });
  return { text, rules: profile?.rules ?? {}, diagnostics };
}
