import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { goModule, once, TOOLS } from "./tools.ts";

/** Schemas as kubeconform looks for them. */
export const SCHEMAS = join(TOOLS, "schemas");

interface Schema {
  readonly [keyword: string]: unknown;
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const APIS = ["api__v1", "apis__apps__v1", "apis__batch__v1", "apis__autoscaling__v2", "apis__networking.k8s.io__v1", "apis__policy__v1"];
const PREFIX = "#/components/schemas/";

/** Converts, once: what the API server publishes of its kinds (OpenAPI, carried by Kubernetes' Go module), and the CRDs of the operators, into strict JSON Schema. */
export function makeSchemas(say: (line: string) => void): void {
  once("schemas", [goModule("kubernetes"), goModule("keda"), readFileSync(import.meta.filename, "utf8")], say, () => {
    rmSync(SCHEMAS, { recursive: true, force: true });
    mkdirSync(SCHEMAS, { recursive: true });
    for (const api of APIS) convertApi(join(goModule("kubernetes"), "api/openapi-spec/v3", `${api}_openapi.json`));
    convertDefinitions(join(goModule("externalSecrets"), "config/crds/bases/external-secrets.io_externalsecrets.yaml"));
    convertDefinitions(join(goModule("keda"), "config/crd/bases/keda.sh_scaledobjects.yaml"));
    convertDefinitions(join(goModule("prometheusOperator"), "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml"));
    convertDefinitions(join(goModule("knative"), "config/core/300-resources/service.yaml"));
    say(`${readdirSync(SCHEMAS).length} kinds have a strict schema`);
  });
}

function convertApi(file: string): void {
  const { components: { schemas } } = JSON.parse(readFileSync(file, "utf8")) as { readonly components: { readonly schemas: { readonly [name: string]: Schema } } };
  const definitions = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, strict(schema)]));
  for (const [name, schema] of Object.entries(schemas)) {
    for (const kind of (schema["x-kubernetes-group-version-kind"] ?? []) as readonly Kind[]) if (!kind.kind.endsWith("List")) write(kind, { $ref: `#/definitions/${name}`, definitions });
  }
}

function convertDefinitions(file: string): void {
  for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
    const { spec } = document.toJS() as { readonly spec: { readonly group: string; readonly names: { readonly kind: string }; readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[] } };
    for (const { name, schema } of spec.versions) write({ group: spec.group, version: name, kind: spec.names.kind }, strict(schema.openAPIV3Schema) as Schema);
  }
}

function write({ group, version, kind }: Kind, schema: Schema): void {
  const suffix = group === "" ? version : `${group.split(".")[0]}-${version}`;
  writeFileSync(join(SCHEMAS, `${kind.toLowerCase()}-${suffix}.json`), JSON.stringify(schema));
}

/** Nothing but what is named; references where draft 7 has them. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== "object" || schema === null) return typeof schema === "string" && schema.startsWith(PREFIX) ? `#/definitions/${schema.slice(PREFIX.length)}` : schema;
  const made = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, key === "default" || key === "enum" ? value : strict(value)]));
  // Something of its own may be in there only where it says so.
  const closes = "properties" in made && typeof made["properties"] === "object" && !("additionalProperties" in made) && made["x-kubernetes-preserve-unknown-fields"] !== true && ("type" in made ? made["type"] === "object" : false);
  return { ...made, ...(closes ? { additionalProperties: false } : {}), ...(made["x-kubernetes-int-or-string"] === true ? { type: ["integer", "string"] } : {}) };
}
