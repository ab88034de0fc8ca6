import { printProfile } from "offstage/exporters/python";
import { expect, test } from "vitest";
import { exportedFiles, exportedWorkflows } from "./exported-workflows.ts";
import { profilePrograms } from "./printed-programs.ts";
import { pythonFolder } from "./python-folder.ts";

test("every workflow with its clients, and every profile, is what pyright, in its strict mode, and ruff take", () => {
  const folder = pythonFolder();
  try {
    const workflows = exportedWorkflows();
    for (const workflow of workflows) for (const { path, content } of exportedFiles(workflow)) folder.put(`${workflow.id.replaceAll("-", "_")}/${path}`, content);
    const profiles = profilePrograms();
    for (const { id, program } of profiles) folder.put(`profiles_/${id.replaceAll("-", "_")}.py`, printProfile("server", program).content);
    expect([workflows.length, profiles.length]).toEqual([22, 15]);
    expect(folder.ruff()).toBe("");
    expect(folder.pyright()).toBe("");
  } finally {
    folder.remove();
  }
}, 300_000);
