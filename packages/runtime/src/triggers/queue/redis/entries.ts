import type { Data } from "../../../base/index.ts";
import type { QueueContent, QueueMessage } from "../queue-port.ts";
import { utf8 } from "../read-message.ts";

/** An entry of a stream: its id, and names and values in turn. */
export type Entry = readonly [id: Buffer, fields: readonly Buffer[]];

/** The entries that a connection has in hand, as messages. */
export interface Entries {
  message(entry: Entry, attempt: number): QueueMessage;
  /** What Redis calls it. */
  idOf(message: QueueMessage): Buffer;
  fieldsOf(message: QueueMessage): readonly Buffer[];
}

/** `field`: the one that holds the message as JSON; null: all fields are texts of the message. Ids are told apart by their stream: a queue may be given another one. */
export function createEntries(stream: string, field: string | null): Entries {
  const known = new WeakMap<QueueMessage, Entry>();
  const entryOf = (message: QueueMessage): Entry => known.get(message) as Entry;
  return {
    message(entry, attempt) {
      const message: QueueMessage = { id: `${stream} ${entry[0].toString()}`, attempt, content: field === null ? allOf(entry[1]) : oneOf(entry[1], field) };
      known.set(message, entry);
      return message;
    },
    idOf: (message) => entryOf(message)[0],
    fieldsOf: (message) => entryOf(message)[1],
  };
}

function oneOf(fields: readonly Buffer[], field: string): QueueContent {
  const values = fields.filter((_, index) => index % 2 === 1 && fields[index - 1]?.toString() === field);
  const [bytes] = values;
  if (bytes === undefined) return { kind: "unfit", why: `it has no field ${field}` };
  return values.length === 1 ? { kind: "json", bytes } : { kind: "unfit", why: `it has the field ${field} ${values.length} times` };
}

function allOf(fields: readonly Buffer[]): QueueContent {
  const texts = new Map<string, Data>();
  for (let at = 0; at < fields.length; at += 2) {
    const [name, value] = [utf8(fields[at] as Buffer), utf8(fields[at + 1] as Buffer)];
    if (name === null || value === null) return { kind: "unfit", why: "a field of it is no UTF-8" };
    if (texts.has(name)) return { kind: "unfit", why: `it has the field ${name} twice` };
    texts.set(name, value);
  }
  return { kind: "data", data: Object.fromEntries(texts), size: fields.reduce((size, { length }) => size + length, 0) };
}
