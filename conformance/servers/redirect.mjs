// Preloaded into servers whose service's address is fixed: what they fetch from REDIRECT_FROM goes to REDIRECT_TO.
const { REDIRECT_FROM: from = "", REDIRECT_TO: to = "" } = process.env;
const original = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  if (!url.startsWith(from)) return original(input, init);
  const there = to + url.slice(from.length);
  return original(input instanceof Request ? new Request(there, input) : there, init);
};
