// Preloaded into an MCP server by NODE_OPTIONS=--import: sends what it fetches from one origin to another one.
// For servers that hard-code the address of the service they speak to, such as api.github.com.
const from = process.env["REDIRECT_FETCH_FROM"];
const to = process.env["REDIRECT_FETCH_TO"];
if (!from || !to) {
  throw new Error("redirect-fetch: set REDIRECT_FETCH_FROM and REDIRECT_FETCH_TO to the two origins.");
}
const original = globalThis.fetch;
const fromOrigin = new URL(from).origin;
const toOrigin = new URL(to).origin;

globalThis.fetch = (input, init) => {
  const request = input instanceof Request ? input : null;
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.origin !== fromOrigin) return original(input, init);
  const redirected = toOrigin + url.pathname + url.search;
  return original(request ? new Request(redirected, request) : redirected, init);
};
