import { docComment, printMembers, printType, type TypeStyle } from "./print-type.ts";
import { isFreeName, unused } from "./type-names.ts";
import type { TypeNode } from "./type-node.ts";

/** One type of a server's namespace. */
export interface Declaration {
  readonly type: TypeNode;
  readonly members: TypeStyle["members"];
  readonly doc?: string;
}

/** The types of one server's namespace, as they come; every name means one thing. */
export interface Declarations {
  /**
   * Declares a type under the name that the profile gives to `wanted`, else under `wanted`, and returns the name it got.
   * The same type twice under one name is one declaration; another one gets `wanted`, or a number behind it.
   */
  declare(wanted: string, declaration: Declaration): string;
  /** Keeps a name for a type that is still being read (it may mention itself). The same key gets the same name. */
  reserve(key: string, wanted: string, fallback: string): string;
  /** Fills a reserved name. */
  fill(name: string, declaration: Declaration): void;
  /** All that are filled. */
  all(): ReadonlyMap<string, Declaration>;
  /** All of them as TypeScript, sorted by name. */
  print(indent: string): string;
}

/** Starts a namespace. `names` is the profile's: generated name → better name. */
export function createDeclarations(names: { readonly [generated: string]: string }): Declarations {
  const declared = new Map<string, Declaration | null>();
  const reserved = new Map<string, string>();
  const better = (wanted: string): string => {
    const name = Object.hasOwn(names, wanted) ? names[wanted] : undefined;
    return name !== undefined && isFreeName(name) ? name : wanted;
  };
  return {
    declare: (wanted, declaration) => {
      for (const name of [better(wanted), wanted]) {
        const there = declared.get(name);
        if (there === undefined && !declared.has(name)) {
          declared.set(name, declaration);
          return name;
        }
        if (there !== undefined && there !== null && sameType(there, declaration)) return name;
      }
      const name = unused(wanted, declared);
      declared.set(name, declaration);
      return name;
    },
    reserve: (key, wanted, fallback) => {
      const known = reserved.get(key);
      if (known !== undefined) return known;
      const name = [better(wanted), wanted, fallback].find((candidate) => isFreeName(candidate) && !declared.has(candidate)) ?? unused(`${fallback}Type`, declared);
      declared.set(name, null);
      reserved.set(key, name);
      return name;
    },
    fill: (name, declaration) => {
      declared.set(name, declaration);
    },
    all: () => new Map([...declared].flatMap(([name, declaration]) => (declaration === null ? [] : [[name, declaration]]))),
    print: (indent) => [...declared].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, declaration]) => (declaration === null ? "" : printDeclaration(name, declaration, indent))).join(""),
  };
}

function sameType(a: Declaration, b: Declaration): boolean {
  return a.members === b.members && JSON.stringify(a.type) === JSON.stringify(b.type);
}

function printDeclaration(name: string, declaration: Declaration, indent: string): string {
  const style: TypeStyle = { members: declaration.members, layout: "lines" };
  const doc = docComment(declaration.doc, indent);
  const { type } = declaration;
  if (type.kind === "object" && type.members.length > 0) {
    return `${doc}${indent}interface ${name} {\n${printMembers(type, style, `${indent}  `)}${indent}}\n`;
  }
  return `${doc}${indent}type ${name} = ${printType(type, style, indent)};\n`;
}
