/** A name, `*.` before two parts of it for all below them, or an address in brackets; a port after it. */
const PATTERN = /^(?:\*\.(?=[^:]*[^.:]\.[^.:]))?(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\[[0-9a-fA-F:.]{2,45}\])(?::([1-9]\d{0,4}))?$/;

/** Whether a text says which hosts a server may reach: `api.example.com`, `*.example.com`, `api.example.com:443`, `localhost:8080`. */
export function isHostPattern(text: string): boolean {
  const match = PATTERN.exec(text);
  return match !== null && Number(match[1] ?? 1) <= 65_535 && !text.includes("..") && !text.startsWith("*.[");
}
