// What an editor's TypeScript server loads for `"plugins": [{ "name": "@offstage/cli" }]`: the faults of `offstage check`, their fixes, and
// what is known of a tool, where it is written. Such plugins are CommonJS and loaded without waiting, so this file is; the rest is ours as ever.
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const nodeModule = require("node:module");

const EDITORS_TYPESCRIPT = Symbol.for("offstage.editor.typescript");

/** A clone has sources and no build; see offstage.js. */
function isClone() {
  return existsSync(join(__dirname, "../src/main.ts")) && !/[\\/]node_modules[\\/]/.test(__dirname);
}

/**
 * Our language room asks for `typescript` and gets the editor's, when that is the version the room knows: one compiler in memory, not two.
 * @param {{ readonly version: string }} typescript
 */
function hook(typescript) {
  const same = typescript.version.startsWith("6.");
  Reflect.set(globalThis, EDITORS_TYPESCRIPT, typescript);
  nodeModule.registerHooks({
    resolve(specifier, context, next) {
      if (same && specifier === "typescript" && /[\\/]language[\\/]typescript\.[jt]s$/.test(context.parentURL ?? "")) return { url: "offstage:editors-typescript", format: "module", shortCircuit: true };
      return isClone() && specifier.startsWith("offstage") ? next(specifier, { ...context, conditions: [...context.conditions, "offstage-src"] }) : next(specifier, context);
    },
    load(url, context, next) {
      if (url !== "offstage:editors-typescript") return next(url, context);
      return { format: "module", shortCircuit: true, source: 'export default globalThis[Symbol.for("offstage.editor.typescript")];' };
    },
  });
}

/** @param {{ readonly typescript: { readonly version: string } }} modules */
module.exports = function init({ typescript }) {
  // An editor may bring a Node of its own that is too old for us: then it is as if there were no plugin.
  if (typeof nodeModule.registerHooks !== "function") return { create: (/** @type {{ languageService: object }} */ info) => info.languageService };
  if (!Reflect.has(globalThis, EDITORS_TYPESCRIPT)) hook(typescript);
  const { createPlugin } = require(isClone() ? "../src/editor/plugin.ts" : "../dist/editor/plugin.js");
  return createPlugin();
};
