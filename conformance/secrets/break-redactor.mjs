// Loaded before the command line to show that the canaries are found when nothing is redacted: the one place that replaces texts gives them back as they are.
import { registerHooks } from "node:module";

const PLACE = "const { start, name } = found;";

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith("/base/redactor.ts")) return loaded;
    const text = String(loaded.source);
    if (!text.includes(PLACE)) throw new Error("The redactor does not replace texts where it did.");
    return { ...loaded, source: text.replace(PLACE, `if (found.name !== "") return text;\n    ${PLACE}`) };
  },
});
