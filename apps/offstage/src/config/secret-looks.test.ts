import fc from "fast-check";
import { expect, test } from "vitest";
import { looksSecret } from "./secret-looks.ts";

// Texts that only have the shape of secrets.
test.each([
  "ghp_0123456789abcdefghijABCDEFGHIJ012345", "glpat-ABCdef123456ghiJKL78", "xoxb-123456789012-abcdefABCDEF", "AKIAIOSFODNN7EXAMPLE", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
  "550e8400-e29b-41d4-a716-446655440000", "00000007-0012-1000-9858-420a00000018", "d41d8cd98f00b204e9800998ecf8427e", "123456789:AAFkQzXv8nMqWe7tYuIoPaSdFgHjKlZxCvB", "kQzXvBnMqWeRtYuIoPaS", "abcd/EFgh+IJkl/mnOP+qrSt/uvWX+yz01/2345==",
  "https://hooks.example/services/T0AB1C2D3/B0AB1C2D3/a1B2c3D4e5F6g7H8i9J0k1L2", "https://mcp.example/s/a1B2c3D4e5F6g7H8/mcp", "postgres://ada:horse@db.example/app", "--header=Authorization: Bearer abcdef",
  "-----BEGIN OPENSSH PRIVATE KEY-----\nabc", "sk-proj-abc1defghijkl",
])("%s looks like a secret", (text) => {
  expect(looksSecret(text)).toBe(true);
});

test.each([
  "", "true", "8080", "debug", "production", "https://acme.atlassian.net", "https://mcp.example.com/v1/sse?region=eu-west-1", "ada.lovelace@acme.example", "PROJ,DEV,OPS", "eu-central-1", "gpt-4o-mini-2024-07-18",
  "-y", "@modelcontextprotocol/server-postgres@2025.8.1", "mcp-server-kubernetes", "--allow-non-mutating-tools", "/Users/ada/Library/Application Support/Claude", "/home/ada/projects/2025/api-gateway-v2/src",
  "T0123456789", "123456789012345678", "2026-08-31T10:20:30Z", "host.docker.internal:8080", "mcr.microsoft.com/playwright/mcp:v1.2.3", "ghcr.io/github/github-mcp-server@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "git+https://github.com/acme/mcp.git@0123456789abcdef0123456789abcdef01234567", "/nix/store/0c1d2e3f4g5h6i7j8k9l0m1n2o3p4q5r-nodejs-22.1.0/bin/node", "getUserAuthenticationProvider", "C:\\Program Files\\nodejs\\npx.cmd", "mcp_server_git", "internationalization",
])("%s does not", (text) => {
  expect(looksSecret(text)).toBe(false);
});

test("tokens of base62, hex and base64 are seen wherever they stand", () => {
  const mixed = fc.array(fc.tuple(fc.constantFrom("a", "b", "X", "Y", "z", "Q"), fc.nat(9)), { minLength: 8, maxLength: 20 }).map((pairs) => pairs.flat().join(""));
  const around = fc.constantFrom(["", ""], ["--x=", ""], ["a ", " b"], ["https://h.example/", "/mcp"], ['{"a":"', '"}'], ["KEY:", ";"]);
  fc.assert(
    fc.property(mixed, around, (token, [before = "", after = ""]) => {
      expect(looksSecret(`${before}${token}${after}`)).toBe(true);
    }),
  );
});

test("a text as long as any that is looked at takes no time that counts", () => {
  for (const part of ["a", "a1", "aA", "a1-", ".git", "@sha256:", "git+a", "sk-", "a@b.git"]) expect([true, false]).toContain(looksSecret(part.repeat(8_192 / part.length)));
});
