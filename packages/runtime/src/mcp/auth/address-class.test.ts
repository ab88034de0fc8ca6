import { expect, test } from "vitest";
import { classifyAddress } from "./address-class.ts";

test.each([
  ["8.8.8.8", "public"],
  ["2606:4700::1111", "public"],
  ["127.0.0.1", "loopback"],
  ["127.9.9.9", "loopback"],
  ["::1", "loopback"],
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:7f00:1", "loopback"],
  ["10.1.2.3", "private"],
  ["172.31.255.255", "private"],
  ["172.32.0.1", "public"],
  ["192.168.0.1", "private"],
  ["::ffff:192.168.0.1", "private"],
  ["100.64.0.1", "private"],
  ["fd12::1", "private"],
  ["169.254.169.254", "link-local"],
  ["::ffff:169.254.169.254", "link-local"],
  ["fe80::1%eth0", "link-local"],
  ["fd00:ec2::254", "link-local"],
  ["100.100.100.200", "link-local"],
  ["168.63.129.16", "link-local"],
  ["0.0.0.0", "reserved"],
  ["::", "reserved"],
  ["64:ff9b::a9fe:a9fe", "reserved"],
  ["2002:7f00:1::", "reserved"],
  ["224.0.0.1", "reserved"],
  ["255.255.255.255", "reserved"],
])("%s is %s", (address, expected) => {
  expect(classifyAddress(address)).toBe(expected);
});
