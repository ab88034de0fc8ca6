import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { partMaker, plainText } from "./view-parts.ts";

const STYLE = `:root{color-scheme:light dark;--line:#c9ced6;--soft:#f3f5f8;--good:#116329;--bad:#a40e26;--warn:#8a5a00;--on:#fff}
@media (prefers-color-scheme:dark){:root{--line:#444c56;--soft:#1c2128;--good:#57ab5a;--bad:#f47067;--warn:#daaa3f;--on:#0d1117}}
*{box-sizing:border-box}
body{font:.95rem/1.45 system-ui,sans-serif;margin:0;padding:.75rem 1rem;overflow-wrap:anywhere}
h1{font-size:1.15rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:.95rem;margin:0;font-weight:600}
ul,ol{list-style:none;margin:.75rem 0;padding:0}
dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.1rem .75rem;margin:0;font-size:.88rem}
dt{opacity:.75}dd{margin:0;white-space:pre-wrap}
button{font:inherit;font-weight:600;min-height:2.6rem;border-radius:.4rem;border:2px solid;padding:.35rem .9rem;cursor:pointer}
button:disabled{opacity:.5;cursor:default}
button:focus-visible{outline:3px solid;outline-offset:2px}
#status{white-space:pre-wrap;margin:.25rem 0 0}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
@media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.3rem}}`;

/** What makes a page: its own style and body, and what runs in it. */
export interface PageParts {
  readonly title: string;
  readonly style: string;
  readonly body: string;
  /** The function that shows it, which gets a {@link View} first, and what it gets besides: as text. */
  readonly show: string;
  readonly besides?: readonly string[];
}

/** A page for a client's frame: one file, which loads nothing. The library of MCP Apps comes with all that it needs. */
export function pageText({ title, style, body, show, besides = [] }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}
${style}</style>
</head>
<body>
<main>
${body}
<p id="status" role="status" aria-live="polite"></p>
</main>
<script type="module">
${libraryText()}
const view = { app: new App({ name: "offstage", version: "1" }, {}), page: document, make: (${String(partMaker)})(document), readText: ${String(plainText)} };
(${show})(${["view", ...besides].join(", ")});
</script>
</body>
</html>
`;
}

/** The library's own text, with its class under its name in the place of its exports. A closing tag in a text of it would end ours. */
function libraryText(): string {
  const text = readFileSync(fileURLToPath(import.meta.resolve("@modelcontextprotocol/ext-apps/app-with-deps")), "utf8");
  const [, names = ""] = /export\s*\{([^{}]*)\};?\s*$/.exec(text) ?? [];
  const [, local = "App"] = /(?:^|,)\s*([\w$]+) as App\s*(?:,|$)/.exec(names) ?? [];
  return `${text.slice(0, text.lastIndexOf("export{"))}\nconst App = ${local};`.replaceAll("</script", String.raw`<\/script`);
}
