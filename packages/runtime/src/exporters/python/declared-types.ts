import type { FieldType, NamedType, ValueType } from "../../base/index.ts";
import { pascalName } from "../../tools/index.ts";
import { annotation, ANNOTATION_NAMES, type AnnotationNames, type ObjectType, type PythonName } from "./annotation.ts";
import { docstring } from "./docstring.ts";
import { aliasText, fieldText, typedDictText } from "./layout-module.ts";
import { freeName, isKeyword } from "./names.ts";

/** A type that gets a name of its own in a module. */
interface Declared {
  readonly type: ValueType;
  readonly doc?: string;
  /** Optional members may be given as `undefined`, too. */
  readonly given?: true;
}

/** Names that annotations are made of: a member of such a name would hide them in its class. */
const WRITTEN: ReadonlySet<string> = new Set([...Object.values(ANNOTATION_NAMES).flat(), "bool", "dict", "float", "list", "object", "str", "tuple"]);
/** ruff takes them for digits. */
const AMBIGUOUS: ReadonlySet<string> = new Set(["l", "O", "I"]);

/** Whether a member can stand in a class without hiding there what annotations are made of. */
function isMember(name: string): boolean {
  return isKeyword(name) && !WRITTEN.has(name) && !AMBIGUOUS.has(name);
}

/** Python looks at what a class extends: what its own module declares stands before it. */
function extendsOwn(type: ValueType): boolean {
  return type.kind === "object" && type.extends?.from === "module";
}

/** What an object is, whatever the order of its members. */
function structureOf(type: ObjectType): string {
  return JSON.stringify({ ...type, fields: type.fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)) });
}

/** The types that one module of Python declares. */
export class DeclaredTypes implements AnnotationNames {
  readonly needed = new Set<PythonName>();
  readonly #named: (type: NamedType, write: (inner: ValueType) => string) => string;
  readonly #declared = new Map<string, Declared>();
  /** Structure → the name that it has. */
  readonly #objects = new Map<string, string>();
  readonly #preferred = new Map<string, string>();
  /** Structure → who gives the name that it has in the program itself. */
  readonly #own = new Map<string, () => string>();
  readonly #taken: Set<string>;

  /** `taken`: names that the module has for something else. */
  constructor(named: (type: NamedType, write: (inner: ValueType) => string) => string, taken: Iterable<string> = []) {
    this.#named = named;
    this.#taken = new Set([...taken, ...WRITTEN]);
  }

  named(type: NamedType, write: (inner: ValueType) => string): string {
    return this.#named(type, write);
  }

  needs(name: PythonName): void {
    this.needed.add(name);
  }

  /** What an object is called, wherever it occurs first. */
  prefer(type: ValueType | undefined, hint: string): void {
    if (type?.kind !== "object" || type.fields.length === 0) return;
    const structure = structureOf(type);
    if (!this.#preferred.has(structure)) this.#preferred.set(structure, hint);
  }

  /** What an object that the program has a name for is called, also where it occurs without it. */
  preferOwn(type: ValueType, name: () => string): void {
    if (type.kind === "object" && type.fields.length > 0) this.#own.set(structureOf(type), name);
  }

  object(type: ObjectType, hint: string): string {
    const structure = structureOf(type);
    const known = this.#own.get(structure)?.() ?? this.#objects.get(structure);
    if (known !== undefined) return known;
    // Only a class extends another one.
    if (type.extends !== undefined && !type.fields.every(({ name }) => isMember(name))) return this.#any();
    const name = this.take(this.#preferred.get(structure) ?? hint);
    this.#objects.set(structure, name);
    this.#declared.set(name, { type });
    return name;
  }

  #any(): string {
    this.needs("Any");
    return "Any";
  }

  /** A name that nothing has yet. */
  take(wanted: string): string {
    const pascal = pascalName(wanted).replace(/[^A-Za-z0-9_]/g, "_");
    const name = freeName(isKeyword(pascal) ? pascal : `${pascal}_`, (taken) => this.#taken.has(taken), "");
    this.#taken.add(name);
    return name;
  }

  /** Declares a type under a name that was taken for it. */
  declare(name: string, declared: Declared): void {
    this.#declared.set(name, declared);
  }

  /** The annotation of a type; see {@link annotation}. */
  write(type: ValueType, hint: string, side: "takes" | "has" = "has"): string {
    return annotation(type, this, hint, { side });
  }

  /** All declarations, two blank lines between them: classes first, whose members Python does not look at, then what it evaluates, in the order of what needs what. */
  print(): string {
    const classes: string[] = [];
    const evaluated: (readonly [string, Declared])[] = [];
    // Writing one may declare others: the map grows as it is gone through.
    for (const [name, declared] of this.#declared) {
      if (this.#isClass(declared)) classes.push(this.#classText(name, declared as Declared & { readonly type: ObjectType }));
      else {
        evaluated.push([name, declared]);
        this.#evaluatedText(name, declared, () => true);
      }
    }
    const done = new Set([...this.#declared.keys()].filter((name) => !evaluated.some(([other]) => other === name)));
    const texts = this.#inOrder(evaluated).map(([name, declared]) => {
      const text = this.#evaluatedText(name, declared, (other) => done.has(other) || !this.#declared.has(other));
      done.add(name);
      return text;
    });
    return [...classes, ...texts].join("\n\n");
  }

  #isClass({ type }: Declared): boolean {
    return type.kind === "object" && type.fields.length > 0 && !extendsOwn(type) && (type.extends !== undefined || type.fields.every(({ name }) => isMember(name) && !this.#declared.has(name)));
  }

  #classText(name: string, { type, doc, given }: Declared & { readonly type: ObjectType }): string {
    const base = type.extends === undefined ? "TypedDict" : annotation(type.extends, this, name);
    if (type.extends === undefined) this.needs("TypedDict");
    const own = docstring(doc, "    ");
    const fields = type.fields.map((field) => `${fieldText(field.name, this.#fieldText(field, name, given))}${docstring(field.doc, "    ")}`);
    return `class ${name}(${base}):\n${own}${own === "" ? "" : "\n"}${fields.join("")}`;
  }

  #fieldText(field: FieldType, owner: string, given: true | undefined, isThere?: (name: string) => boolean): string {
    const type: ValueType = given === true && field.optional === true ? { kind: "union", parts: [field.type, { kind: "undefined" }] } : field.type;
    const flat: ValueType = type.kind === "union" ? { kind: "union", parts: type.parts.flatMap((part) => (part.kind === "union" ? part.parts : [part])) } : type;
    const text = annotation(flat, this, `${owner}${pascalName(field.name)}`, { side: given === true ? "takes" : "has", ...(isThere === undefined ? {} : { isThere }) });
    if (field.optional !== true) return text;
    this.needs("NotRequired");
    return `NotRequired[${text}]`;
  }

  #evaluatedText(name: string, declared: Declared, isThere: (name: string) => boolean): string {
    const { type, doc, given } = declared;
    if (extendsOwn(type)) return this.#classText(name, declared as Declared & { readonly type: ObjectType });
    if (type.kind !== "object" || type.fields.length === 0) {
      this.needs("TypeAlias");
      return `${aliasText(name, annotation(type, this, name, { side: "has", isThere }))}${docstring(doc)}`;
    }
    this.needs("TypedDict");
    return `${typedDictText(name, type.fields.map((field) => [field.name, this.#fieldText(field, name, given, isThere)]))}${docstring(doc)}`;
  }

  /** What others are made of comes before them, as far as they are not made of each other. */
  #inOrder(declarations: readonly (readonly [string, Declared])[]): readonly (readonly [string, Declared])[] {
    const waiting = new Map(declarations);
    const ordered: (readonly [string, Declared])[] = [];
    const visit = (name: string): void => {
      const declared = waiting.get(name);
      if (declared === undefined) return;
      waiting.delete(name);
      const text = this.#evaluatedText(name, declared, () => true);
      for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) visit(word);
      ordered.push([name, declared]);
    };
    for (const [name] of declarations) visit(name);
    return ordered;
  }
}
