/** What a server may tell of. */
export interface EventWants {
  /** Resources by their URIs. */
  readonly resources: readonly string[];
  /** Whether its lists of tools, resources and prompts changed. */
  readonly lists: boolean;
}

/** Something changed, or may have: whoever hears it looks anew. It may come more than once for one change. */
export type Notice = { readonly kind: "resource-updated"; readonly uri: string } | { readonly kind: "list-changed"; readonly list: "tools" | "resources" | "prompts" };

/** What a listener is told. */
export type ServerEvent =
  | Notice
  /** From here on, changes are told. Once, first. */
  | { readonly kind: "listening" }
  /** Nothing was told between these instants (ms), because the server or its stream was away; what changed then is not told later. */
  | { readonly kind: "gap"; readonly from: number; readonly to: number; readonly why: string };
