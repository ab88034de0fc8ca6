import type { Data } from "offstage/base";
import { escapeControls } from "../terminal.ts";
import type { OpenQuestion } from "../project/questions.ts";

type Fields = { readonly [name: string]: Data | undefined };

/** A question for a person: who asks, what, and what may be answered. Everything in it is a server's words. */
export function questionText({ id, server, message, url, schema }: OpenQuestion): string {
  const lines = [`${id}  ${escapeControls(server)} asks: ${escapeControls(message, "mark")}`];
  if (url !== null) lines.push(`  It wants this page to be opened: ${escapeControls(url)}`);
  return [...lines, ...formLines(schema)].join("\n");
}

function formLines(schema: Data): readonly string[] {
  const { properties, required } = fieldsOf(schema);
  return Object.entries(fieldsOf(properties)).map(([name, field]) => {
    const definition = fieldsOf(field);
    const title = definition["title"] ?? definition["description"];
    const notes = [typeText(definition), ...(Array.isArray(required) && required.includes(name) ? ["required"] : []), ...(definition["default"] === undefined ? [] : [`${JSON.stringify(definition["default"])} if you say nothing`])];
    return escapeControls(`  ${name}=…  ${typeof title === "string" ? `${title} ` : ""}(${notes.join(", ")})`);
  });
}

function typeText(definition: Fields): string {
  const items = fieldsOf(definition["items"]);
  const choices = definition["enum"] ?? definition["oneOf"] ?? items["enum"] ?? items["anyOf"];
  if (!Array.isArray(choices)) return typeof definition["type"] === "string" ? definition["type"] : "text";
  const names = (choices as readonly Data[]).map((choice) => JSON.stringify(typeof choice === "string" ? choice : (fieldsOf(choice)["const"] ?? null)));
  return `${definition["type"] === "array" ? "some of" : "one of"} ${names.slice(0, 20).join(", ")}${names.length > 20 ? ", …" : ""}`;
}

function fieldsOf(value: Data | undefined): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
