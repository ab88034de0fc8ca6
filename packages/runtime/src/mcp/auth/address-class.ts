import { BlockList, isIPv6 } from "node:net";

/** Where an IP address leads, as far as a request that a stranger asks for is concerned. */
export type AddressClass = "public" | "private" | "loopback" | "link-local" | "reserved";

/** The first list that has an address decides. IPv4 inside IPv6 (`::ffff:…`) counts as what it is. */
const CLASSES: readonly (readonly [AddressClass, BlockList])[] = [
  ["loopback", ranges("127.0.0.0/8", "::1/128")],
  // The metadata services of clouds among them: 169.254.169.254, and those that some keep elsewhere.
  ["link-local", ranges("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32")],
  ["private", ranges("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10")],
  // Unspecified, documentation, benchmarks, multicast, and what translates to other addresses.
  ["reserved", ranges("0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "ff00::/8")],
];

/** The class of an address as `dns` gives it; a zone (`fe80::1%eth0`) is not part of it. */
export function classifyAddress(address: string): AddressClass {
  const [bare = ""] = address.split("%");
  const family = isIPv6(bare) ? "ipv6" : "ipv4";
  return CLASSES.find(([, list]) => list.check(bare, family))?.[0] ?? "public";
}

/** The address in a URL's host, without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** Whether a name means this machine without being looked up (RFC 6761). */
export function isLocalName(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}

function ranges(...subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", prefix = ""] = subnet.split("/");
    list.addSubnet(network, Number(prefix), isIPv6(network) ? "ipv6" : "ipv4");
  }
  return list;
}
