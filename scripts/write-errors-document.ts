// Writes docs/errors.md from the lists of codes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ERROR_CODES } from "offstage/base";
import { DIAGNOSTIC_CODES } from "offstage/language";
import { errorsDocument } from "./house/errors-document.ts";

writeFileSync(join(import.meta.dirname, "../docs/errors.md"), errorsDocument(ERROR_CODES, DIAGNOSTIC_CODES));
