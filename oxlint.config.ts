import { defineConfig, type OxlintOverride } from "oxlint";
import { LIMITS, NESTED, PACKAGE_OWNERS, ROOMS, ROOMS_FOLDER, TESTING_ROOM } from "./scripts/house/rooms.ts";

const NESTED_NAMES: readonly string[] = NESTED;

/** Specifiers that a file of `name` may not write, each with what to do instead. Rooms are told apart by their folder's name. */
function restrictions(name: string): { readonly regex: string; readonly message: string }[] {
  const allowed = ROOMS[name]?.imports ?? [];
  const forbidden = Object.keys(ROOMS).filter((other) => other !== name && !allowed.includes(other));
  const owned = Object.entries(PACKAGE_OWNERS).filter(([, owners]) => !owners.includes(name));
  const inner = Object.keys(ROOMS).filter((other) => other !== name);
  return [
    { regex: `^(\\.\\./)+(${forbidden.join("|")})/`, message: `The room ${name} may import only: ${allowed.join(", ") || "nothing"} (scripts/house/rooms.ts).` },
    { regex: `^(\\.\\./)+(${inner.join("|")})/(.*/)?([^i/]|i[^n/]|in[^d/]|ind[^e/]|inde[^x/])[^/]*$`, message: "Import another room through its index.ts." },
    { regex: `^(\\.\\./)+${TESTING_ROOM}/`, message: "Only tests import testing/." },
    { regex: "^offstage(/|$)", message: "Inside the library, import rooms by their path." },
    ...(owned.length === 0 ? [] : [{ regex: `^(${owned.map(([pack]) => pack).join("|")})(/|$)`, message: "This package has a room of its own (PACKAGE_OWNERS in scripts/house/rooms.ts)." }]),
    ...(ROOMS[name]?.browserSafe === true ? [{ regex: "^node:", message: `The room ${name} has to run in a browser.` }] : []),
  ];
}

const layers = Object.keys(ROOMS).map((name): OxlintOverride => ({
  files: [`${ROOMS_FOLDER}/${name}/${NESTED_NAMES.includes(name) ? "*/" : ""}**/*.ts`],
  excludeFiles: ["**/*.test.ts", "**/*.suite.ts"],
  rules: { "no-restricted-imports": ["error", { patterns: restrictions(name) }] },
}));

export default defineConfig({
  plugins: ["typescript", "import", "unicorn", "oxc", "vitest"],
  categories: { correctness: "error" },
  options: { typeAware: true },
  ignorePatterns: ["**/dist/**", "**/node_modules/**", "**/.offstage/**", "demo/project/**", "demo/.project/**", "conformance/**/cases/**", "conformance/**/workflows/**", "docs/exports/workflows/**", "**/fixtures/**/*.d.ts"],
  rules: {
    "max-lines": ["error", { max: LIMITS.fileLines }],
    "max-lines-per-function": ["error", { max: LIMITS.functionLines }],
    "import/no-cycle": ["error", { ignoreTypes: false }],
    "import/no-default-export": "error",
    "no-console": "error",
    // Control characters are matched on purpose: to keep them out of terminals.
    "no-control-regex": "off",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/await-thenable": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/ban-ts-comment": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    // A Program's `if` has a `then`; nothing awaits nodes.
    "unicorn/no-thenable": "off",
    // `new Array(n)` is how a frame of n slots is made.
    "unicorn/no-new-array": "off",
    // Ports are objects of closures: their methods have no `this` to lose.
    "typescript/unbound-method": "off",
    "vitest/no-disabled-tests": "error",
    "vitest/no-focused-tests": "error",
  },
  overrides: [
    ...layers,
    {
      files: ["packages/runtime/src/**/*.ts"],
      excludeFiles: ["**/*.test.ts", "**/*.suite.ts", `${ROOMS_FOLDER}/${TESTING_ROOM}/**`],
      rules: {
        "no-restricted-properties": [
          "error",
          { object: "Date", property: "now", message: "Time is an argument (Clock of base)." },
          { object: "Math", property: "random", message: "Randomness is an argument." },
          { object: "process", property: "env", message: "The environment is read in apps/offstage/src/config only." },
        ],
      },
    },
    { files: ["**/*.test.ts", "**/*.suite.ts"], rules: { "max-lines-per-function": "off" } },
    // Small worlds and reports for tests: whatever arrives there is shown as it is.
    { files: ["**/*.test.ts", "**/*.suite.ts", "**/testing/**", "conformance/**"], rules: { "typescript/no-base-to-string": "off" } },
    // Declarations for editors: inference through callbacks needs `any` in constraints.
    { files: [`${ROOMS_FOLDER}/api/**`, `${ROOMS_FOLDER}/rehearsal/test-types.ts`], rules: { "typescript/no-explicit-any": "off" } },
    // Model tests and scenarios assert inside what they drive.
    { files: ["**/*.model.test.ts", "conformance/**"], rules: { "vitest/expect-expect": "off" } },
    { files: ["**/*.config.ts", "demo/**", "packages/*/profiles/**", "conformance/**/profiles/**", "**/fixtures/**"], rules: { "import/no-default-export": "off" } },
    { files: ["scripts/**", "demo/**"], rules: { "no-console": "off" } },
    // Registers tests that others wrote.
    { files: ["apps/offstage/src/vitest.ts"], rules: { "vitest/expect-expect": "off", "vitest/valid-title": "off" } },
  ],
});
