import type { ImportModule } from "../native/index.ts";

const IMPORTER = "data:text/javascript,export default (url) => import(url)";
let importer: Promise<{ readonly default: ImportModule }> | null = null;

/** Node's own `import()`: that of a test goes through the test runner's graph of modules, which knows no hooks. */
export const nativeImport: ImportModule = async (url) => {
  importer ??= import(IMPORTER) as Promise<{ readonly default: ImportModule }>;
  return (await importer).default(url);
};
