import { parseReference, referencesIn } from "offstage/base";
import type { ExportNeeds, NeededVariable } from "offstage/bundle";
import type { DeclaredInput } from "../config/inputs.ts";

/** Where references of an export stand: texts, each with its place for people; what a hidden one refers to is a secret, whatever its name is. */
export interface ReferringTexts {
  readonly texts: readonly { readonly text: string; readonly place: string; readonly hidden?: boolean }[];
  /** What `inputs:` of `offstage.yaml` says, by id, and what `mcp.json` declares. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly declared: readonly Pick<DeclaredInput, "id" | "password">[];
  readonly isSecret: (name: string) => boolean;
}

/** Everything that the files of an export refer to. Errors: `CONFIG_INVALID` for what is no reference. */
export function needsOf({ texts, inputs, declared, isSecret }: ReferringTexts): ExportNeeds {
  const found = { variables: new Map<string, NeededVariable>(), secrets: new Map<string, ExportNeeds["secrets"][number]>(), files: new Map<string, ExportNeeds["files"][number]>(), programs: new Map<string, ExportNeeds["programs"][number]>() };
  const look = (text: string, place: string, hidden: boolean): void => {
    for (const { inner } of referencesIn(text)) {
      const reference = parseReference(inner, place);
      switch (reference.form) {
        case "env":
          found.variables.set(reference.name, merged(found.variables.get(reference.name), { name: reference.name, secret: hidden || isSecret(reference.name), fallback: reference.fallback, place }));
          break;
        case "secret":
          keepFirst(found.secrets, reference.name, { name: reference.name, place });
          break;
        case "file":
          keepFirst(found.files, reference.path, { path: reference.path, place });
          break;
        case "exec":
          keepFirst(found.programs, JSON.stringify(reference.argv), { argv: reference.argv, place });
          break;
        case "input":
          // Its value is text with references of its own; those of them name no inputs.
          look((inputs[reference.id] ?? "").replaceAll("${input:", "${env:"), place, declared.some(({ id, password }) => id === reference.id && password === true));
          break;
        case "place":
          break;
      }
    }
  };
  for (const { text, place, hidden = false } of texts) look(text, place, hidden);
  return { variables: sorted(found.variables), secrets: sorted(found.secrets), files: sorted(found.files), programs: sorted(found.programs) };
}

/** It has to be set where one place says so; it is a secret where one says so. */
function merged(before: NeededVariable | undefined, now: NeededVariable): NeededVariable {
  return before === undefined ? now : { ...before, secret: before.secret || now.secret, fallback: before.fallback === null ? null : now.fallback };
}

function keepFirst<T>(into: Map<string, T>, key: string, value: T): void {
  if (!into.has(key)) into.set(key, value);
}

function sorted<T>(found: ReadonlyMap<string, T>): readonly T[] {
  return [...found].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
}
