import { type Data, type Diagnostic, isOffstageError, parseExact } from "../base/index.ts";
import { field, isRecord } from "./catalogue.ts";
import { type JsonPath, locate, placeAt, repeatedName } from "./json-place.ts";
import { isList } from "./pinned-json.ts";

/** A file larger than this is no lock of ours. Bytes are UTF-16 units here. */
const MAX_LENGTH = 64 * 1024 * 1024;
const CONFLICT = /^(?:<{7}|={7}|>{7})(?: |$)/m;

/** Reads one JSON document of ours member by member; every fault becomes a `LOCK_INVALID` diagnostic with its place. */
export interface DocumentReader {
  readonly root: Data | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Says what is wrong at a path. */
  fault(path: JsonPath, message: string): void;
  /** The members of an object; a fault and none when it is something else. */
  members(value: Data | undefined, path: JsonPath): readonly (readonly [name: string, value: Data])[];
  /** The items of a list; a fault and none when it is something else. */
  items(value: Data | undefined, path: JsonPath): readonly Data[];
  /** A member that must be a string. */
  text(value: Data | undefined, name: string, path: JsonPath): string;
  /** A member that must be one of a few strings; the first stands in for anything else. */
  choice<const T extends string>(value: Data | undefined, name: string, allowed: readonly [T, ...T[]], path: JsonPath): T;
}

/** Opens a document. `hint` says how to make the file anew. A text that is no JSON has no root and one diagnostic. */
export function readDocument(text: string, file: string, hint: string): DocumentReader {
  const diagnostics: Diagnostic[] = [];
  const at = (offset: number, message: string, advice = hint): void => {
    diagnostics.push({ code: "LOCK_INVALID", severity: "error", file, ...placeAt(text, offset), message, hint: advice });
  };
  const fault = (path: JsonPath, message: string): void => {
    at(locate(text, path).offset, `${path.length === 0 ? file : showPath(path)} ${message}`);
  };
  return {
    root: parse(text, file, at),
    diagnostics,
    fault,
    members: (value, path) => {
      if (isRecord(value)) return Object.entries(value);
      fault(path, "must be an object");
      return [];
    },
    items: (value, path) => {
      if (isList(value)) return value;
      fault(path, "must be a list");
      return [];
    },
    text: (value, name, path) => {
      const found = field(value, name);
      if (typeof found === "string") return found;
      fault([...path, name], found === undefined ? "is missing" : "must be a string");
      return "";
    },
    choice: (value, name, allowed, path) => {
      const found = field(value, name);
      const chosen = allowed.find((candidate) => candidate === found);
      if (chosen === undefined) fault([...path, name], `must be one of ${allowed.join(", ")}`);
      return chosen ?? allowed[0];
    },
  };
}

function parse(text: string, file: string, at: (offset: number, message: string, hint?: string) => void): Data | undefined {
  if (text.length > MAX_LENGTH) {
    at(0, `${file} is larger than 64 MiB`);
    return undefined;
  }
  const conflict = CONFLICT.exec(text);
  if (conflict !== null) {
    at(conflict.index, `${file} holds the marks of an unfinished merge`, "Keep one side, then make the file anew: it is generated.");
    return undefined;
  }
  try {
    const data = parseExact(text);
    // The last one would hold, and who reviews the file may have read the first.
    const repeated = repeatedName(text);
    if (repeated === null) return data;
    at(repeated.offset, `${JSON.stringify(repeated.name)} occurs twice in one object`);
    return undefined;
  } catch (error) {
    if (!isOffstageError(error)) throw error;
    at(error.code === "VALUE_TOO_DEEP" ? 0 : locate(text, []).offset, `${file} cannot be read: ${error.message}`);
    return undefined;
  }
}

/** A path for people: `servers.github.tools["get-me"]`. */
export function showPath(path: JsonPath): string {
  return path.map((segment, index) => {
    if (typeof segment === "number") return `[${segment}]`;
    if (/^[A-Za-z_$][\w$]*$/.test(segment)) return index === 0 ? segment : `.${segment}`;
    return `[${JSON.stringify(segment)}]`;
  }).join("");
}
