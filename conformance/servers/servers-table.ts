import type { Found } from "./try-server.ts";

const BEGIN = "<!-- found by npm run test:servers -- --write -->";
const END = "<!-- end -->";

/** One line as it goes. */
export function foundLine({ name, version, protocol, tools, answered, refused, seconds, faults }: Found): string {
  const did = [...answered.map((tool) => `${tool} answered`), ...refused.map((tool) => `${tool} refused well`)].join(", ");
  return `${faults.length === 0 ? "ok  " : "BAD "} ${name} ${version}: ${protocol}, ${tools} tools; ${did === "" ? "listed" : did}; ${seconds} s${faults.map((fault) => `\n     ${fault}`).join("")}`;
}

/** What holds on every machine: seconds are not in it. */
export function serversTable(found: readonly Found[]): string {
  const rows = found.map(({ package: made, version, transport, era, protocol, tools, answered, refused }) =>
    `| ${made} | ${version} | ${transport} | ${era} ${protocol} | ${tools} | ${answered.join(", ") || "–"} | ${refused.join(", ") || "–"} |`);
  return ["| server | version | over | protocol | tools | answered | said what it lacks |", "|---|---|---|---|---|---|---|", ...rows].join("\n");
}

/** The document with the table in its place. */
export function withTable(document: string, table: string): string {
  const [before, after] = around(document);
  return `${before}${BEGIN}\n${table}\n${END}${after}`;
}

/** What the document says otherwise than the run found. */
export function differences(document: string, table: string): readonly string[] {
  const [, , said] = around(document);
  const found = new Set(table.split("\n"));
  const lines = said.trim().split("\n");
  return [...lines.filter((line) => !found.has(line)).map((line) => `no longer so: ${line}`), ...[...found].filter((line) => !lines.includes(line)).map((line) => `not said: ${line}`)];
}

/** The document's table, and what is before and after it. */
function around(document: string): readonly [before: string, after: string, table: string] {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END, begin);
  if (begin === -1 || end === -1) throw new Error(`docs/servers.md lacks its marks: ${BEGIN} … ${END}`);
  return [document.slice(0, begin), document.slice(end + END.length), document.slice(begin + BEGIN.length, end)];
}
