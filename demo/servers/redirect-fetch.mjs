// Preloaded into @modelcontextprotocol/server-github by NODE_OPTIONS=--import: that server hard-codes GitHub's address, and this
// sends what it fetches from there to the GitHub that GITHUB_API_URL names.
const to = process.env["GITHUB_API_URL"];
if (!to) throw new Error("redirect-fetch: set GITHUB_API_URL to the address of a GitHub.");
const from = "https://api.github.com";
const origin = new URL(to).origin;
const original = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const request = input instanceof Request ? input : null;
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.origin !== from) return original(input, init);
  const redirected = origin + url.pathname + url.search;
  return original(request ? new Request(redirected, request) : redirected, init);
};
