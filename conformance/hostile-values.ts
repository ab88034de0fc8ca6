import { type Data, UnsafeInteger } from "offstage/base";

/** Something that a server may put anywhere into an answer. */
export interface HostileValue {
  readonly name: string;
  readonly value: Data;
  /** Why it cannot be sent on as an argument; null when it can. */
  readonly refusal: "UNSAFE_INTEGER" | "VALUE_INVALID" | null;
}

/** JSON as servers send it: members of any name are own. */
const json = (text: string): Data => JSON.parse(text) as Data;

/** A value that many levels deep. */
export function nested(levels: number, inner: Data): Data {
  let value = inner;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Values that imitate the engine's own, reach for prototypes, or cannot be told exactly by everything they pass. */
export const HOSTILE_VALUES: readonly HostileValue[] = [
  { name: "the codec's undefined", value: json('{"$":["undefined"]}'), refusal: null },
  { name: "the codec's map", value: json('{"$":["map","a",1]}'), refusal: null },
  { name: "the codec's object inside itself", value: json('{"$":["object","$",{"$":["integer","12"]}],"a":1}'), refusal: null },
  { name: "an unknown", value: json('{"from":["effect:1"],"kind":"unknown","unknown":true}'), refusal: null },
  { name: "a poisoned integer's members", value: json('{"digits":"9007199254740993","rawJSON":"1"}'), refusal: null },
  { name: "a compacted item", value: json('{"result":1,"staged":[{"name":"cursor","key":"","value":9,"version":0}]}'), refusal: null },
  { name: "__proto__ with members", value: json('{"__proto__":{"polluted":true,"isError":true},"constructor":{"prototype":{"polluted":true}}}'), refusal: null },
  { name: "methods as data", value: json('{"toJSON":"x","then":"y","valueOf":1,"toString":[],"hasOwnProperty":null,"length":-1}'), refusal: null },
  { name: "keys of digits, in order", value: json('{"b":1,"10":2,"2":3,"a":4}'), refusal: null },
  { name: "-0, halves and edges", value: [0, 1.5, 5e-324, 1.7976931348623157e308, 9007199254740991, 1e21], refusal: null },
  { name: "2^53 + 1, nested", value: { ids: [[{ id: new UnsafeInteger("9007199254740993") }]] }, refusal: "UNSAFE_INTEGER" },
  { name: "an integer that a library rounded", value: { id: new UnsafeInteger(null) }, refusal: "UNSAFE_INTEGER" },
  { name: "half a surrogate pair in a value", value: ["\ud800", "x\udc00y"], refusal: "VALUE_INVALID" },
  { name: "half a surrogate pair in a key", value: { "\udfff": 1, "a\ud800": 2 }, refusal: "VALUE_INVALID" },
  { name: "NUL, BOM and line separators", value: ["\0", "\ufeff", "\u2028\u2029", "\u{10ffff}"], refusal: null },
  { name: "100 levels", value: nested(100, "deep"), refusal: null },
  { name: "1 MiB of text", value: "é😀".repeat(170_000), refusal: null },
  { name: "10,000 members", value: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index])), refusal: null },
];
