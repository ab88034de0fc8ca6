import fc from "fast-check";
import { expect, test } from "vitest";
import { addServers, newServersFile } from "./add-servers.ts";
import { parseServers } from "./server-entry.ts";

const NEW = { git: { command: "uvx", args: ["mcp-server-git"] }, web: { url: "https://x.example/mcp" } };

test("what stands in the file stays, comments too, and the new ones stand as the others do", () => {
  const text = '{\n\t// ours\n\t"servers": {\n\t\t"a": { "command": "a" }, // the first\n\t},\n\t"inputs": []\n}\n';
  expect(addServers(text, { git: NEW.git })).toBe('{\n\t// ours\n\t"servers": {\n\t\t"a": { "command": "a" },\n\t\t"git": {\n\t\t  "command": "uvx",\n\t\t  "args": [\n\t\t    "mcp-server-git"\n\t\t  ]\n\t\t}, // the first\n\t},\n\t"inputs": []\n}\n');
});

test.each(['{ "mcpServers": {} }', '{\n  "mcpServers": {\n  }\n}\n', '{"mcpServers":{/* none */}}', '{"mcpServers":{"a":{"command":"a",},},}', '{"servers":{"a":{"command":"}"}},"x":1}', '{ "mcpServers": { "off": { "command": "x", "disabled": true } } }'])("%s takes new ones", (text) => {
  const before = parseServers(text);
  const after = parseServers(addServers(text, NEW));
  expect(after).toMatchObject({ ok: true, servers: [...(before.ok ? before.servers : []), { name: "git", kind: "stdio" }, { name: "web", kind: "http" }] });
});

test.each(["[]", "{}", '{ "mcpServers": 1 }', '{ "mcpServers": { "git": { "command": "mine" } } }', "{"])("%s takes none, and says so", (text) => {
  expect(() => addServers(text, NEW)).toThrow(/not clear where servers could be added/);
});

test("what could not be read again is not written", () => {
  const large = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`s${index}`, { command: "x", args: ["y".repeat(4_000)] }]));
  expect(() => newServersFile(large)).toThrow(/would be larger than/);
  expect(() => addServers('{ "mcpServers": {} }', large)).toThrow(/would be larger than/);
  expect(() => newServersFile({ "a b": { command: "x" } })).toThrow(/not clear/);
});

test("whatever the servers, the file is read as those that were there and those that came", () => {
  const servers = fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_-]{0,9}$/), fc.record({ command: fc.string({ minLength: 1 }), args: fc.array(fc.string()), env: fc.dictionary(fc.stringMatching(/^[A-Z][ -<>-~]{0,9}$/), fc.string()) }), { minKeys: 1 });
  fc.assert(
    fc.property(servers, servers, (old, some) => {
      const added = Object.fromEntries(Object.entries(some).map(([name, entry]) => [`new-${name}`, entry]));
      const both = parseServers(addServers(newServersFile(old), added));
      expect(both).toEqual(parseServers(newServersFile({ ...old, ...added })));
    }),
    { numRuns: 30 },
  );
});
