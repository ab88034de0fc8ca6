import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import type { Diagnostic } from "../base/index.ts";
import { compiler, moduleOf, serverTypes } from "./compile.suite.ts";
import { libraryFiles, nodeApiFiles } from "./index.ts";

test("the checker runs where there is no Node: in a worker, over texts that it is given", async () => {
  const folder = dirname(fileURLToPath(import.meta.resolve("typescript")));
  const libraries = libraryFiles((name) => readFileSync(join(folder, name), "utf8"));
  const sources = [
    moduleOf(`const pulls = await github.list_pull_requests.pages({ ...inputs, state: "open" }); return pulls.map((pr) => pr.title.toUpperCase());`),
    moduleOf(`if (inputs.owner == "a") return inputs.nothing; return "x".localeCompare("y");`),
  ];
  const worker = new Worker(new URL("fixtures/browser-worker.mjs", import.meta.url), { execArgv: ["--conditions=offstage-src"] });
  try {
    expect(await once(worker, "message")).toEqual(["ready"]);
    worker.postMessage({ apiFiles: nodeApiFiles(), libraries, serverTypes, sources });
    const [{ answers, asked }] = (await once(worker, "message")) as [{ answers: readonly { tools: unknown; diagnostics: readonly Diagnostic[] }[]; asked: readonly string[] }];
    expect(answers[0]).toEqual({ tools: [{ server: "github", tool: "list_pull_requests" }], diagnostics: [] });
    expect(answers[1]?.diagnostics.map(({ code, fix }) => [code, fix?.title])).toEqual([["LOOSE_EQUALITY", "Write `===`"], ["TS2339", undefined], ["METHOD_NOT_ALLOWED", undefined]]);
    // The same as here, to the letter.
    expect(answers.map(({ diagnostics }) => diagnostics)).toEqual(sources.map((source) => compiler.compileWorkflow({ file: "w.ts", source, serverTypes }).diagnostics));
    // What libraries try in vain, and go on without.
    expect(asked.filter((specifier) => !["perf_hooks", "inspector"].includes(specifier))).toEqual([]);
  } finally {
    await worker.terminate();
  }
});
