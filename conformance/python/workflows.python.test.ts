import { printProfile, printWorkflows } from "offstage/exporters/python";
import { expect, test } from "vitest";
import { exportedFiles, exportedWorkflows } from "./exported-workflows.ts";
import { profilePrograms, subsetPrograms } from "./printed-programs.ts";
import { pythonFolder } from "./python-folder.ts";

/** Imports every module with the library itself: a type checker was told of names that have to be there. */
const IMPORT_ALL = `
import importlib, pathlib, sys
sys.path.insert(0, ".")
for path in sorted(pathlib.Path(".").glob("*/**/*.py")):
    importlib.import_module(".".join(path.with_suffix("").parts))
print(len(list(pathlib.Path(".").glob("*/workflow.py"))))
`;

test("every workflow with its clients, and every profile, is what pyright, in its strict mode, and ruff take", () => {
  const folder = pythonFolder();
  try {
    const workflows = exportedWorkflows();
    for (const workflow of workflows) for (const { path, content } of exportedFiles(workflow)) folder.put(`${workflow.id.replaceAll("-", "_")}/${path}`, content);
    const profiles = profilePrograms();
    for (const { id, program } of profiles) folder.put(`profiles_/${id.replaceAll("-", "_")}.py`, printProfile("server", program).content);
    expect([workflows.length, profiles.length]).toEqual([24, 15]);
    expect([folder.ruff(), folder.format()]).toEqual(["", ""]);
    expect(folder.pyright()).toBe("");
    expect(folder.python(IMPORT_ALL).trim()).toBe(String(workflows.length));
  } finally {
    folder.remove();
  }
}, 300_000);

/** Cases of which pyright does not follow what they show: mixed lists, comparisons that cannot hold. */
const NOT_FOLLOWED = ["async.each", "async.pages", "expression.array", "function.parameters", "operator.equality", "operator.not"];

test("every entry of the language, but a few, is what pyright's strict mode takes", () => {
  const folder = pythonFolder();
  try {
    const cases = subsetPrograms().map(({ id, program }) => ({ id, name: `case_${id.replace(/[^A-Za-z0-9]/g, "_")}`, program }));
    for (const { name, program } of cases) {
      folder.put(`${name}/servers/__init__.py`, "from typing import Any\n\nworld: Any = None\nother: Any = None\n");
      for (const { path, content } of printWorkflows(program)) folder.put(`${name}/${path}`, content);
    }
    const found = new Set([...folder.pyright().matchAll(/(case_\w+)\/workflow\.py:/g)].map(([, name]) => name));
    expect(cases.length).toBeGreaterThan(190);
    expect(cases.filter(({ name }) => found.has(name)).map(({ id }) => id).toSorted()).toEqual([...NOT_FOLLOWED].toSorted());
  } finally {
    folder.remove();
  }
}, 300_000);

test("a type checker is told of what is there, and of all of it", () => {
  const folder = pythonFolder();
  try {
    expect(folder.python(COMPARE).trim()).toBe("True [] []\nTrue [] []");
  } finally {
    folder.remove();
  }
});

const COMPARE = `
import pathlib, re
import offstage, offstage.javascript
for module in (offstage, offstage.javascript):
    text = pathlib.Path(module.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    told = set(re.findall(r"^(?:async def|def|class) ([A-Za-z]\\w*)", text, re.M)) | set(re.findall(r"^from [\\w.]+ import \\w+ as (\\w+)$", text, re.M))
    print(len(told) > 40, sorted(name for name in told if not hasattr(module, name)), sorted(name for name in module.__all__ if not re.search(rf"\\b{name}\\b", text)))
`;
