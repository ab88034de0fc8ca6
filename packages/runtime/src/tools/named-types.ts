import { createDeclarations } from "./declarations.ts";
import type { Learnt } from "./learnt.ts";
import type { Lock } from "./lock.ts";
import type { ArgumentEquals, ProfileTypeInfo } from "./profile-types.ts";
import { typedTools } from "./server-types.ts";
import { type CaseTypes, toolShape } from "./tool-types.ts";
import { serverIdentifiers } from "./type-names.ts";
import type { TypeNode } from "./type-node.ts";

/** What the types of a tool's results are called in a workflow. */
export interface NamedTypes {
  /** The calls whose results they are; empty: all others. */
  readonly equals: readonly ArgumentEquals[];
  /** `github.ListIssuesResult`; null where the type has no name. */
  readonly result: string | null;
  /** The items of its pages, else of a result that is a list: `github.Issue`. */
  readonly item: string | null;
}

/** The names that `#servers` has for what a tool gives, by the case of a call; cases without any are left out. Nobody guesses them. */
export function namedTypes({ server, tool }: { readonly server: string; readonly tool: string }, { lock, learnt, profile }: { readonly lock: Lock; readonly learnt: Learnt; readonly profile?: ProfileTypeInfo | undefined }): readonly NamedTypes[] {
  const locked = lock.servers.get(server);
  if (locked === undefined) return [];
  const identifier = serverIdentifiers(lock.servers.keys()).get(server) ?? server;
  const declarations = createDeclarations(profile?.names ?? {});
  // All tools of the server: a name that two want is the first one's.
  const shape = typedTools(server, locked, { learnt }, profile).map((one) => ({ name: one.name, shape: toolShape(one, declarations) })).find(({ name }) => name === tool)?.shape;
  if (shape === undefined) return [];
  const declared = declarations.all();
  const nameOf = (type: TypeNode | undefined): string | null => (type?.kind === "name" && declared.has(type.name) ? `${identifier}.${type.name}` : null);
  const names = ({ result, item }: CaseTypes, equals: readonly ArgumentEquals[]): readonly NamedTypes[] => {
    const whole = result.kind === "name" ? declared.get(result.name)?.type : undefined;
    const named = { equals, result: nameOf(result), item: nameOf(item ?? (whole?.kind === "array" ? whole.items : undefined)) };
    return named.result === null && named.item === null ? [] : [named];
  };
  return [...shape.special.flatMap((one) => names(one, one.equals)), ...(shape.isCovered ? [] : names(shape.general, []))];
}
