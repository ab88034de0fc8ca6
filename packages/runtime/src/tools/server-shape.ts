import type { FieldType, ValueType } from "../base/index.ts";
import { createDeclarations } from "./declarations.ts";
import type { LockedServer } from "./lock.ts";
import type { Learnt } from "./learnt.ts";
import type { ArgumentEquals, ProfileTypeInfo } from "./profile-types.ts";
import { toolDoc, typedTools } from "./server-types.ts";
import { type CaseTypes, toolShape } from "./tool-types.ts";
import { objectOf, type TypeScope, valueTypeOf } from "./type-node-value.ts";

/** What is known of a server's tools, in no language's words: what exporters print typed clients of. */
export interface ServerShape {
  readonly server: string;
  readonly tools: readonly ToolOfServer[];
  /** By the names that `#servers` has for them, sorted. */
  readonly declarations: ReadonlyMap<string, { readonly type: ValueType; readonly doc?: string }>;
}

/** One tool of a {@link ServerShape}. */
export interface ToolOfServer {
  readonly name: string;
  /** What the names of its types begin with. */
  readonly base: string;
  /** Its server's words, and what its calls are. */
  readonly doc: string;
  /** What a call may be given; `open`: and more. */
  readonly args: readonly FieldType[];
  readonly open: boolean;
  /** Calls that certain literals tell from others. */
  readonly special: readonly (CallShape & { readonly equals: readonly ArgumentEquals[] })[];
  /** Any other call, and one whose literals are not known. */
  readonly general: CallShape;
}

/** What a call gives, and the items of its pages where its server's profile says how it pages. */
export interface CallShape {
  readonly result: ValueType;
  readonly item?: ValueType;
}

/** Reads what a server's tools take and give: from the same sources, and under the same names, as `generateServerTypes`. */
export function serverShape(name: string, server: LockedServer, { learnt, profile }: { readonly learnt: Learnt; readonly profile?: ProfileTypeInfo | undefined }): ServerShape {
  const declarations = createDeclarations(profile?.names ?? {});
  const shapes = typedTools(name, server, { learnt }, profile).map((tool) => ({ tool, shape: toolShape(tool, declarations) }));
  const scope: TypeScope = { server: name, declarations: declarations.all() };
  const call = ({ result, item }: CaseTypes): CallShape => ({ result: valueTypeOf(result, scope), ...(item === undefined ? {} : { item: valueTypeOf(item, scope) }) });
  const tools = shapes.map(({ tool, shape }): ToolOfServer => {
    const pinned = server.tools.get(tool.name);
    const args = objectOf({ kind: "named", from: "server", server: name, name: shape.args }, scope);
    return {
      name: tool.name, base: tool.base, doc: pinned === undefined ? "" : toolDoc(pinned), args: args?.fields ?? [], open: args === null || args.index !== undefined,
      special: shape.special.map((one) => ({ ...call(one), equals: one.equals })), general: call(shape.general),
    };
  });
  const told = [...scope.declarations].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, { type, doc }]) => [key, { type: valueTypeOf(type, scope), ...(doc === undefined ? {} : { doc }) }] as const);
  return { server: name, tools, declarations: new Map(told) };
}
