import type { JsonObject } from "../../base/index.ts";
import type { ExportSource } from "../../bundle/index.ts";
import type { Program } from "../../program/index.ts";
import { LINE_WIDTH } from "./document.ts";
import { RULES_LEFT_OUT } from "./lint-rules.ts";

/**
 * `requirements.txt`: the library out of `vendor/`, with what a store in PostgreSQL and queues of Redis need where the settings name them. All else that it
 * needs is on the public index.
 */
export function requirementsText({ settings }: Pick<ExportSource, "settings">, library: string, needsPostgres: boolean): string {
  const postgres = needsPostgres || (settings["store"] as JsonObject | undefined)?.["postgres"] !== undefined;
  const redis = Object.values((settings["queues"] ?? {}) as JsonObject).some((queue) => (queue as JsonObject)["kind"] === "redis");
  const extras = [...(postgres ? ["postgres"] : []), ...(redis ? ["redis"] : [])];
  return `# The library comes with this package. [postgres]: a store in PostgreSQL; [redis]: queues of Redis; [telemetry]: traces and metrics by OpenTelemetry.\n./vendor/${library}${extras.length > 0 ? `[${extras.join(",")}]` : ""}\n`;
}

/**
 * `pyproject.toml`: what the package is called, and how it is looked at by ruff and pyright. It is run where it lies and not installed, so it has no
 * build system; and it names no dependencies, since whoever resolved them by name alone would get whatever else is called so.
 */
export function projectText({ name }: Pick<Program, "name">): string {
  return `[project]
name = ${JSON.stringify(name)}
version = "1.0.0"
requires-python = ">=3.11"

[tool.ruff]
line-length = ${LINE_WIDTH}
target-version = "py311"

[tool.ruff.lint]
# What judges the workflow's author, or what JavaScript and Python do in different ways.
ignore = [${RULES_LEFT_OUT.map((rule) => JSON.stringify(rule)).join(", ")}]

[tool.pyright]
typeCheckingMode = "strict"
pythonVersion = "3.11"
venvPath = "."
venv = ".venv"
exclude = [".venv", "vendor"]
`;
}
