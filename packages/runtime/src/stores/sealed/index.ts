export { createSealedFiles, type SealedFiles, type SealedFilesOptions } from "./sealed-files.ts";
export { createSeal, type Seal, SHORTEST_KEY } from "./seal.ts";
