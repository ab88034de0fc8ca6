/** A write of a plan, as a client's page gets it. */
export interface ShownWrite {
  readonly id: string;
  readonly sign: string;
  readonly label: string;
  readonly server: string;
  readonly tool: string | null;
  readonly target: string;
  readonly certainty: string;
  readonly undo: string | null;
  readonly args: { readonly value: unknown; readonly unknown: readonly { readonly path: readonly (string | number)[] }[] };
}

/** What is said of a write: `kind` is the class of its sign, `value` null for what is known only after apply. */
export interface WriteWords {
  readonly kind: string;
  readonly sign: string;
  readonly where: string;
  readonly rows: readonly { readonly name: string; readonly value: string | null }[];
}

/** A write in the words of the plan's page. Handed over as text like the page itself, so it names nothing outside itself. */
export function writeWords({ sign, server, tool, target, certainty, undo, args }: ShownWrite): WriteWords {
  const kinds: Readonly<Record<string, string>> = { "+": "create", "=": "adopt", "~": "update", "-": "release" };
  const kind = kinds[sign] ?? "create";
  const valueText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value, null, 2));
  const isUnknown = (name: string): boolean => args.unknown.some(({ path }) => path[0] === name);
  const fields = typeof args.value === "object" && args.value !== null ? Object.entries(args.value) : [];
  const notes = [undo === "none" ? ", cannot be undone" : "", server === "offstage" && tool?.startsWith("start.") === true ? "; a run of its own: what it writes is not in this plan" : ""];
  return {
    kind,
    sign: `${certainty === "sure" ? "" : "maybe "}${kind}${certainty === "may-many" ? ", any number of times" : ""}`,
    where: `${server}${tool === null ? "" : `.${tool}`} on ${target.replaceAll(/[A-Za-z_][A-Za-z0-9_]*=/g, "")}${notes.join("")}`,
    rows: args.unknown.some(({ path }) => path.length === 0) ? [{ name: "arguments", value: null }] : fields.map(([name, value]) => ({ name, value: isUnknown(name) ? null : valueText(value) })),
  };
}
