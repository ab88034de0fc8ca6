/** What the body of a request says to be, in lower case and without parameters; empty where nothing is said. */
export function mediaTypeOf(request: Request): string {
  return (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}
