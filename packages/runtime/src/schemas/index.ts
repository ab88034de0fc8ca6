/** JSON Schema: whether a value conforms. Large: loaded by what needs it. */
export { conformanceFaults, schemaFault } from "./conformance.ts";
