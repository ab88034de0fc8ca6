/** What an export needs from where it runs: everything that its files refer to. Nothing here has a value. */
export interface ExportNeeds {
  /** Variables of the environment, by name. */
  readonly variables: readonly NeededVariable[];
  /** `${secret:NAME}`, by name: a variable, or a file of that name among systemd's credentials or in `/run/secrets`. */
  readonly secrets: readonly Needed<"name">[];
  /** `${file:path}`: secrets in files, absolute or relative to the project. */
  readonly files: readonly Needed<"path">[];
  /** `${exec:program …}`: programs that give secrets, each as it is run. */
  readonly programs: readonly (Pick<NeededVariable, "place"> & { readonly argv: readonly string[] })[];
}

type Needed<Key extends string> = { readonly [key in Key]: string } & Pick<NeededVariable, "place">;

/** A variable of the environment. */
export interface NeededVariable {
  readonly name: string;
  /** Its value is to be kept from others. */
  readonly secret: boolean;
  /** What holds where it is not set; null: it has to be. */
  readonly fallback: string | null;
  /** The first place that names it, for people: `mcp.json, github`. */
  readonly place: string;
}
