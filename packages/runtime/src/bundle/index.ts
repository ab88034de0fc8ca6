export type { BundleFile } from "./bundle-file.ts";
export type { ExportNeeds, NeededVariable } from "./export-needs.ts";
export type { ExportedProfile, ExportSource } from "./export-source.ts";
