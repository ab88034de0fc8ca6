import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { storeSchemas } from "../packages/runtime/src/testing/store-schemas.ts";

for (const [path, text] of storeSchemas()) writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), text);
