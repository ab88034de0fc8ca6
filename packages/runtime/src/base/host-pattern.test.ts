import { expect, test } from "vitest";
import { isHostPattern } from "./host-pattern.ts";

test.each(["api.example.com", "*.example.com", "api.example.com:443", "localhost", "localhost:8080", "127.0.0.1:1", "[::1]", "[::1]:443", "my-host", "X.Example"])("%s says which hosts", (text) => {
  expect(isHostPattern(text)).toBe(true);
});

test.each(["", "*", "*.com", "*.com:443", "*.*.com", "**.example.com", "a.*", "https://api.example.com", "api.example.com/x", "api.example.com:", "api.example.com:0", "api.example.com:65536", "a:b", "a b", "a..b", "*.a..b", ".a.b", "a.", "::1", "*.[::1]", "user@a.b", "a.b\n", "ä.example"])("%j is none", (text) => {
  expect(isHostPattern(text)).toBe(false);
});
