import type { Deployment } from "../../bundle/index.ts";

/** A CronJob's name may have 52 characters; its Jobs and pods get more behind it. */
const MOST = 52;

/** A name for what belongs to the deployment. */
export function named({ name }: Pick<Deployment, "name">, what = ""): string {
  const end = what === "" ? "" : `-${what}`;
  return `${name.slice(0, MOST - end.length).replace(/-+$/, "")}${end}`;
}

/** By these all of it is found. */
export function labelsOf(deployment: Pick<Deployment, "name">): { readonly [name: string]: string } {
  return { "app.kubernetes.io/name": named(deployment), "app.kubernetes.io/managed-by": "kustomize" };
}

/** What selects its pods, and stays as it is: selectors cannot be changed. */
export function selectorOf(deployment: Pick<Deployment, "name">): { readonly [name: string]: string } {
  return { "app.kubernetes.io/name": named(deployment) };
}

/** The key under which a file is kept in the Secret. */
export function keyOfFile(path: string): string {
  return path.replace(/^[^A-Za-z0-9]+/, "").replace(/[^A-Za-z0-9._-]+/g, "-");
}
