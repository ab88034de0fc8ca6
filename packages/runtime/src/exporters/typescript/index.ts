export { exportTypescript, type TypescriptOptions, typescriptProject } from "./export-typescript.ts";
export type { PackedLibrary } from "./manifest.ts";
