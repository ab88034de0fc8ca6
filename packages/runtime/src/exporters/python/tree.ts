/**
 * A small syntax tree of Python: what the printer makes, and what {@link layoutModule} knows how to lay out. Names and
 * types are texts that are valid where they stand; everything else is nested.
 */
export type PyExpression =
  | { readonly kind: "name"; readonly name: string }
  /** A number, `True`, `False`, `None`. */
  | { readonly kind: "literal"; readonly text: string }
  /** `isBlock`: the program writes it over several lines. */
  | { readonly kind: "string"; readonly value: string; readonly raw?: boolean; readonly isBlock?: boolean }
  /** Texts and the expressions between them; as nested quotes are not for Python 3.11, see `fits` of `formatted`. */
  | { readonly kind: "formatted"; readonly parts: readonly (string | PyExpression)[]; readonly isBlock?: boolean }
  | { readonly kind: "list"; readonly items: readonly PyExpression[] }
  | { readonly kind: "tuple"; readonly items: readonly PyExpression[] }
  | { readonly kind: "dict"; readonly entries: readonly PyEntry[] }
  /** `site`: that of the step, or of the call of a helper that takes steps, which it is in the Program. */
  | { readonly kind: "call"; readonly callee: PyExpression; readonly args: readonly PyArgument[]; readonly site?: string }
  | { readonly kind: "attribute"; readonly value: PyExpression; readonly name: string }
  | { readonly kind: "subscript"; readonly value: PyExpression; readonly index: PyExpression }
  | { readonly kind: "lambda"; readonly parameters: readonly PyParameter[]; readonly body: PyExpression }
  | { readonly kind: "conditional"; readonly test: PyExpression; readonly then: PyExpression; readonly otherwise: PyExpression }
  | { readonly kind: "binary"; readonly operator: PyOperator; readonly left: PyExpression; readonly right: PyExpression }
  | { readonly kind: "not"; readonly value: PyExpression }
  | { readonly kind: "minus"; readonly value: PyExpression }
  | { readonly kind: "await"; readonly value: PyExpression }
  /** A list, or with `lazy` what gives one element after the other. */
  | { readonly kind: "comprehension"; readonly element: PyExpression; readonly target: string; readonly items: PyExpression; readonly conditions: readonly PyExpression[]; readonly lazy?: true }
  /** `*value` in a list. */
  | { readonly kind: "star"; readonly value: PyExpression }
  /** `name := value`. */
  | { readonly kind: "named"; readonly name: string; readonly value: PyExpression };

export type PyOperator = "or" | "and" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "is" | "is not" | "|" | "+" | "-" | "*" | "/" | "%";

export type PyEntry = { readonly key: PyExpression; readonly value: PyExpression } | { readonly spread: PyExpression };

export type PyArgument =
  | { readonly kind: "positional"; readonly value: PyExpression }
  | { readonly kind: "keyword"; readonly name: string; readonly value: PyExpression }
  | { readonly kind: "star"; readonly value: PyExpression }
  | { readonly kind: "double-star"; readonly value: PyExpression };

export interface PyParameter {
  readonly name: string;
  readonly star?: true;
  readonly annotation?: string;
  readonly fallback?: PyExpression;
}

export interface PyFunction {
  readonly kind: "function";
  readonly name: string;
  readonly async: boolean;
  readonly decorators: readonly PyExpression[];
  readonly parameters: readonly PyParameter[];
  readonly returns?: string;
  readonly body: readonly PyStatement[];
}

/** A comment behind a statement, without `#`. */
interface Noted {
  readonly note?: string;
}

export type PyStatement = Noted & (
  | { readonly kind: "expression"; readonly value: PyExpression }
  /** Several targets are taken apart. */
  | { readonly kind: "assign"; readonly targets: readonly string[]; readonly annotation?: string; readonly value: PyExpression }
  | { readonly kind: "if"; readonly test: PyExpression; readonly then: readonly PyStatement[]; readonly otherwise: readonly PyStatement[] }
  | { readonly kind: "for"; readonly site: string; readonly target: string; readonly items: PyExpression; readonly body: readonly PyStatement[] }
  | { readonly kind: "break" | "continue" | "pass" }
  | { readonly kind: "return"; readonly value?: PyExpression }
  | { readonly kind: "raise"; readonly value?: PyExpression }
  | { readonly kind: "try"; readonly body: readonly PyStatement[]; readonly except: string; readonly as?: string; readonly handler: readonly PyStatement[] }
  | PyFunction
  /** Lines without `#`, over what follows. */
  /** `apart`: an empty line keeps it from what comes next. */
  | { readonly kind: "comment"; readonly lines: readonly string[]; readonly apart?: boolean }
);

/** `from module import names`. */
export interface PyImport {
  readonly module: string;
  readonly names: readonly string[];
}

/** A module: the docstring, what it imports, what it says. */
export interface PyModule {
  readonly docstring: string;
  readonly imports: readonly PyImport[];
  /** Types that it declares, as text. */
  readonly declarations?: string;
  readonly body: readonly PyStatement[];
}

/** A name, or a path of names. */
export function name(text: string): PyExpression {
  const [first = "", ...rest] = text.split(".");
  return rest.reduce<PyExpression>((value, member) => ({ kind: "attribute", value, name: member }), { kind: "name", name: first });
}

/** A number, `True`, `False`, `None`. */
export function literal(text: string): PyExpression {
  return { kind: "literal", text };
}

/** A text. */
export function string(value: string): PyExpression {
  return { kind: "string", value };
}

/** A call with positional arguments. */
export function call(callee: string | PyExpression, ...values: readonly PyExpression[]): PyExpression {
  return { kind: "call", callee: typeof callee === "string" ? name(callee) : callee, args: values.map((value) => ({ kind: "positional", value })) };
}

/** `left operator right`. */
export function binary(operator: PyOperator, left: PyExpression, right: PyExpression): PyExpression {
  return { kind: "binary", operator, left, right };
}

/** Whatever is an argument by its name. */
export function keyword(named: string, value: PyExpression): PyArgument {
  return { kind: "keyword", name: named, value };
}

/** Whatever is an argument by its place. */
export function positional(value: PyExpression): PyArgument {
  return { kind: "positional", value };
}

/** Every name that is used in a tree; types mention names too. */
export function namesIn(tree: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) return node.forEach(visit);
    if ("kind" in node && node.kind === "name" && "name" in node && typeof node.name === "string") found.add(node.name);
    for (const [key, child] of Object.entries(node)) {
      if ((key === "annotation" || key === "returns" || key === "except") && typeof child === "string") for (const [word] of child.matchAll(/[A-Za-z_]\w*/g)) found.add(word);
      else visit(child);
    }
  };
  visit(tree);
  return found;
}
