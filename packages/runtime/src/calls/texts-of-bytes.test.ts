import { expect, test } from "vitest";
import { createRedactor } from "../base/index.ts";
import { textsOfBytes } from "./texts-of-bytes.ts";

const SECRETS = ["swordfish-1234", "schlüsselwörter", "合言葉はひらけごま"];
const redactor = createRedactor();
for (const secret of SECRETS) redactor.register(secret, "TOKEN");

const holdsSecret = (bytes: Uint8Array): boolean => [...textsOfBytes(bytes)].some((text) => redactor.redact(text) !== text);

const WAYS: Readonly<Record<string, (text: string) => Buffer>> = {
  "UTF-8": (text) => Buffer.from(text, "utf8"),
  "UTF-16 LE": (text) => Buffer.from(text, "utf16le"),
  "UTF-16 BE": (text) => Buffer.from(text, "utf16le").swap16(),
};

test.each(Object.entries(WAYS))("a secret in bytes is found in %s, at the beginning and the end, at either alignment, and across a border", (_way, encode) => {
  for (const secret of SECRETS) {
    for (const before of [0, 1, 2, 3, 1024 * 1024 - 9, 1024 * 1024 - 8]) {
      for (const after of [0, 1]) expect([secret, before, after, holdsSecret(Buffer.concat([Buffer.alloc(before, 7), encode(secret), Buffer.alloc(after, 9)]))]).toEqual([secret, before, after, true]);
    }
  }
});

test("bytes without one hold none", () => {
  expect([Buffer.alloc(0), Buffer.alloc(1), Buffer.from("swordfish-123"), Buffer.from("swordfish-12-34", "utf16le"), Buffer.alloc(2 * 1024 * 1024, "the quick brown fox")].map(holdsSecret)).toEqual([false, false, false, false, false]);
});
