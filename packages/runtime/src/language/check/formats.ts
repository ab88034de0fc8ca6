/** What makes a text be of a JSON Schema `format`; those that servers read more freely than their name says are not here. */
const FORMATS: Readonly<Record<string, readonly [is: (text: string) => boolean, example: string]>> = {
  "date-time": [(text) => /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)$/.test(text) && isDay(text.slice(0, 10)), "2026-01-31T09:00:00Z"],
  date: [(text) => /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text), "2026-01-31"],
  email: [(text) => /^[^\s@]+@[^\s@]+$/.test(text), "someone@example.com"],
  uri: [(text) => /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/.test(text), "https://example.com/page"],
  url: [(text) => /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/.test(text), "https://example.com/page"],
  uuid: [(text) => /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text), "123e4567-e89b-12d3-a456-426614174000"],
};

/** What is wrong with a text of this format; null when nothing is, or when the format is not known. */
export function formatFault(format: string, text: string): string | null {
  const known = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  return known === undefined || known[0](text) ? null : `must be a ${format}, like ${JSON.stringify(known[1])}`;
}

function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
