/**
 * What the package of a workflow is called in Python. It is run in the folder where it lies, and there its name comes before that of every module that
 * is installed: so it has two words at least, which none of Python's own and hardly one of the libraries' has.
 */
export function pythonPackageName(workflow: string): string {
  const name = workflow.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  const own = /^[A-Za-z]/.test(name) ? name : `workflow_${name}`;
  return own.includes("_") ? own : `${own}_workflow`;
}
