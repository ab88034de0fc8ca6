import { type JsonObject, OffstageError } from "offstage/base";
import type { Answers } from "offstage/rehearsal";

/** `files.read_text_file {"path":"/a"}`: calls of a tool with these arguments, among others. */
const FOR_SOME = /^(\S+)\s+(\{[^]*\})$/;

/** What a session says that calls answer, by `server.tool`, or by that and arguments that the calls have. */
export function givenAnswers(given: JsonObject): Answers {
  const some = new Map<string, { readonly args: JsonObject; readonly result: unknown }[]>();
  for (const [name, result] of Object.entries(given)) {
    const [, tool, text = ""] = FOR_SOME.exec(name) ?? [];
    if (tool !== undefined) some.set(tool, [...(some.get(tool) ?? []), { args: argumentsIn(name, text), result }]);
  }
  const whole = Object.entries(given).filter(([name]) => !FOR_SOME.test(name));
  const others = new Map<string, unknown>(whole);
  const asked = [...some].map(([tool, cases]) => [tool, (args: unknown) => (cases.find((one) => hasAll(args, one.args)) ?? { result: others.get(tool) }).result] as const);
  return Object.fromEntries([...whole, ...asked]) as Answers;
}

/** The tools that have an answer. */
export function answeredTools(given: JsonObject): ReadonlySet<string> {
  return new Set(Object.keys(given).map((name) => FOR_SOME.exec(name)?.[1] ?? name));
}

function argumentsIn(name: string, text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch (error) {
    throw new OffstageError("USAGE", `answers: the arguments of "${name}" are no JSON.`, { hint: 'Write server.tool {"name":"value"}.', cause: error });
  }
}

function hasAll(args: unknown, wanted: JsonObject): boolean {
  return typeof args === "object" && args !== null && Object.entries(wanted).every(([name, value]) => Object.hasOwn(args, name) && JSON.stringify((args as JsonObject)[name]) === JSON.stringify(value));
}
