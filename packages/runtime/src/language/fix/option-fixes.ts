import { formatDuration } from "../../base/index.ts";
import { unwrap } from "../lower/literals.ts";
import { ts } from "../typescript.ts";
import { fix, type FixContext, type FixMaker, insert, replace } from "./fix-context.ts";

/** `limits: { writes: 50 }` for the workflow of the module. */
export const writeLimit: FixMaker = (c) => {
  const exported = c.source.statements.find(ts.isExportAssignment);
  const made = exported === undefined ? undefined : unwrap(exported.expression);
  const options = made !== undefined && ts.isCallExpression(made) && made.arguments[0] !== undefined ? unwrap(made.arguments[0]) : undefined;
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return null;
  const limits = options.properties.find((property) => property.name !== undefined && ts.isIdentifier(property.name) && property.name.text === "limits");
  if (limits === undefined) return added(c, options, "limits: { writes: 50 }");
  const value = ts.isPropertyAssignment(limits) ? unwrap(limits.initializer) : undefined;
  return value !== undefined && ts.isObjectLiteralExpression(value) ? added(c, value, "writes: 50") : null;
};

/** `timezone: "UTC"` for a cron line that has none. */
export const utc: FixMaker = (c, node) => {
  if (!ts.isCallExpression(node)) return null;
  const [line, options] = node.arguments;
  if (line === undefined) return null;
  if (options === undefined) return fix('Add `timezone: "UTC"`', insert(line.end, ', { timezone: "UTC" }'));
  const inner = unwrap(options);
  return ts.isObjectLiteralExpression(inner) ? added(c, inner, 'timezone: "UTC"') : null;
};

/** `max: 20` for a tool of which nobody says how many pages it has. */
export const pagesBound: FixMaker = (c, node) => {
  if (!ts.isCallExpression(node)) return null;
  const [args, options] = node.arguments;
  if (args === undefined) return null;
  if (options === undefined) return fix("Add `max: 20`", insert(args.end, ", { max: 20 }"));
  const inner = unwrap(options);
  return ts.isObjectLiteralExpression(inner) ? added(c, inner, "max: 20") : null;
};

/** `on: []` for a workflow that does not say what starts it: people do. */
export const startedByPeople: FixMaker = (c, node) => {
  if (!ts.isObjectLiteralExpression(node) || !ts.isCallExpression(node.parent) || node.parent.expression.getText(c.source) !== "workflow") return null;
  const names = node.properties.map(({ name }) => (name !== undefined && ts.isIdentifier(name) ? name.text : ""));
  return names.includes("name") && !names.includes("on") ? added(c, node, "on: []") : null;
};

const UNITS: readonly (readonly [words: RegExp, ms: number])[] = [[/^s(ec(ond)?s?)?$/i, 1_000], [/^m(in(ute)?s?)?$/i, 60_000], [/^h((ou)?rs?)?$/i, 3_600_000], [/^d(ays?)?$/i, 86_400_000], [/^w(eeks?)?$/i, 604_800_000]];

/** `"7 days"`, `"1h30m"`: whole numbers with units by other names, or several. */
export const plainDuration: FixMaker = (c, node) => {
  if (!ts.isStringLiteralLike(node) || !/^\s*(\d{1,9}\s*[a-z]+[\s,]*)+$/i.test(node.text)) return null;
  let total = 0;
  for (const [, count, word = ""] of node.text.matchAll(/(\d+)\s*([a-z]+)/gi)) {
    const unit = UNITS.find(([words]) => words.test(word));
    if (unit === undefined) return null;
    total += Number(count) * unit[1];
  }
  const text = JSON.stringify(formatDuration(total));
  return text === JSON.stringify(node.text) ? null : fix(`Write ${text}`, replace(c, node, text));
};

/** An option behind the last one, on a line of its own where the others have theirs. */
function added(c: FixContext, options: ts.ObjectLiteralExpression, text: string): ReturnType<FixMaker> {
  const last = options.properties.at(-1);
  if (last === undefined) return fix(`Add \`${text}\``, { start: options.getStart(c.source), end: options.end, text: `{ ${text} }` });
  const before = /\n[ \t]*$/.exec(c.source.text.slice(0, last.getStart(c.source)))?.[0];
  return fix(`Add \`${text}\``, insert(last.end, `,${before ?? " "}${text}`));
}
