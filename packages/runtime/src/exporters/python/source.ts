import type { Program } from "../../program/index.ts";

/** What of a Program or of a profile a module is made of. */
export type Source = Pick<Program, "globals" | "debug"> & Partial<Pick<Program, "records" | "states" | "calls" | "starts" | "tools" | "offers" | "triggers" | "inputs" | "inputSchemas">>;
