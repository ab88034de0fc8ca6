import { type Data, nearestName, UnsafeInteger } from "offstage/base";
import type { ErrorObject } from "ajv/dist/2020.js";

/** No more than these are told. */
const MAX_FAULTS = 8;

/**
 * What is wrong with a call's arguments by its tool's `inputSchema`, in words; none when they fit, or when the schema is one that
 * cannot be read: then the server decides. Patterns and formats are the server's business, for a pattern can take for ever.
 * Ajv is loaded here, and only by who asks.
 */
export async function argumentFaults(inputSchema: Data | undefined, args: Data): Promise<readonly string[]> {
  if (typeof inputSchema !== "object" || inputSchema === null || Array.isArray(inputSchema)) return [];
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  const { Ajv } = await import("ajv");
  // Known or not, the dialect is chosen here: ajv would only look its name up.
  const { $schema: draft, ...schema } = inputSchema as { readonly [name: string]: Data };
  const Validator = typeof draft === "string" && /draft-0[4-7]/.test(draft) ? Ajv : Ajv2020;
  const validator = new Validator({ strict: false, allErrors: true, validateFormats: false, validateSchema: false, verbose: true, logger: false });
  for (const slow of ["pattern", "patternProperties"]) validator.removeKeyword(slow);
  try {
    const validate = validator.compile(schema);
    validate(plain(args));
    const faults = (validate.errors ?? []).flatMap((error) => faultText(error) ?? []);
    return [...new Set(faults)].slice(0, MAX_FAULTS);
  } catch {
    return [];
  }
}

/** Integers beyond 2^53-1 as numbers: for what a schema asks of them that is near enough. */
function plain(value: Data): unknown {
  if (value instanceof UnsafeInteger) return Number(value.digits ?? Number.MAX_SAFE_INTEGER);
  if (Array.isArray(value)) return value.map((item: Data) => plain(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value as { readonly [name: string]: Data }).map(([name, member]) => [name, plain(member)]));
}

/** Null for what only says that a part did not fit: the part says it better. */
function faultText({ keyword, params, instancePath, message, parentSchema }: ErrorObject): string | null {
  const place = pathText(instancePath);
  switch (keyword) {
    case "required":
      return `${member(place, String(params["missingProperty"]))} is missing`;
    case "additionalProperties":
    case "unevaluatedProperties": {
      const name = String(params["additionalProperty"] ?? params["unevaluatedProperty"]);
      const near = nearestName(name, Object.keys((parentSchema?.["properties"] as object | undefined) ?? {}));
      return `there is no argument ${member(place, name)}${near === null ? "" : `: did you mean ${near}?`}`;
    }
    case "enum":
      return `${place} is none of ${(params["allowedValues"] as readonly unknown[]).map((value) => JSON.stringify(value)).join(", ")}`;
    case "const":
      return `${place} is not ${JSON.stringify(params["allowedValue"])}`;
    case "anyOf":
    case "oneOf":
    case "if":
      return null;
    default:
      return `${place} ${message ?? "does not fit"}`;
  }
}

/** `/labels/0/name` as people write it: `labels[0].name`. */
function pathText(pointer: string): string {
  const steps = pointer.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const path = steps.reduce((before, step) => (/^\d+$/.test(step) ? `${before}[${step}]` : member(before, step)), "");
  return path === "" ? "the whole" : path;
}

function member(place: string, name: string): string {
  return place === "" || place === "the whole" ? name : `${place}.${name}`;
}
