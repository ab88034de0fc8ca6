import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { showPlan } from "./plan-view.ts";
import { writePart } from "./write-part.ts";
import { writeWords } from "./write-words.ts";

const STYLE = `:root{color-scheme:light dark;--line:#c9ced6;--soft:#f3f5f8;--good:#116329;--bad:#a40e26;--warn:#8a5a00;--on:#fff}
@media (prefers-color-scheme:dark){:root{--line:#444c56;--soft:#1c2128;--good:#57ab5a;--bad:#f47067;--warn:#daaa3f;--on:#0d1117}}
*{box-sizing:border-box}
body{font:.95rem/1.45 system-ui,sans-serif;margin:0;padding:.75rem 1rem;overflow-wrap:anywhere}
h1{font-size:1.15rem;line-height:1.25;margin:0 0 .25rem}
#unchanged{margin:0;opacity:.75}
ul{list-style:none;margin:.75rem 0;padding:0;display:grid;gap:.6rem}
li{border:1px solid var(--line);border-radius:.4rem;padding:.55rem .75rem}
h2{font-size:.95rem;margin:0;font-weight:600}
.sign{display:inline-block;font-size:.8rem;font-weight:600;border-radius:.3rem;padding:0 .4rem;background:var(--soft);color:var(--good)}
.sign.update,.sign.adopt{color:var(--warn)}.sign.release{color:var(--bad)}
.where{margin:.1rem 0 .35rem;opacity:.75;font-size:.85rem}
dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.1rem .75rem;margin:0;font-size:.88rem}
dt{opacity:.75}dd{margin:0;white-space:pre-wrap}.later{font-style:italic;opacity:.75}
#answers{display:flex;flex-wrap:wrap;gap:.6rem;position:sticky;bottom:0;background:Canvas;padding:.5rem 0}
#answers[hidden]{display:none}
button{font:inherit;font-weight:600;min-height:2.6rem;flex:1 1 9rem;border-radius:.4rem;border:2px solid;padding:.35rem .9rem;cursor:pointer}
button:disabled{opacity:.5;cursor:default}
#yes{background:var(--good);border-color:var(--good);color:var(--on)}
#no{background:transparent;border-color:var(--bad);color:var(--bad)}
button:focus-visible{outline:3px solid;outline-offset:2px}
#hint{margin:0;opacity:.75;font-size:.85rem}input{width:1.05rem;height:1.05rem;vertical-align:-.15rem;margin:0 .25rem 0 0}
#status{white-space:pre-wrap;margin:.25rem 0 0}.good{color:var(--good)}.bad{color:var(--bad)}
@media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.3rem}}`;

/** Where clients find the page. */
export const PLAN_PAGE = "ui://offstage/plan.html";

let made: string | null = null;

/** The page that shows a plan: one file, which loads nothing. The library of MCP Apps comes with all that it needs. */
export function planPage(): string {
  return (made ??= `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Plan</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1 id="title">Plan</h1>
<p id="unchanged"></p>
<ul id="writes"></ul>
<div id="answers" hidden><button id="yes">Perform these writes</button><button id="no">Refuse</button></div>
<p id="hint" aria-live="polite"></p>
<p id="status" role="status" aria-live="polite"></p>
</main>
<script type="module">
${libraryText()}
(${String(showPlan)})(new App({ name: "offstage-plan", version: "1" }, {}), document, (write, changed) => (${String(writePart)})(document, write.label, (${String(writeWords)})(write), changed));
</script>
</body>
</html>
`);
}

/** The library's own text, with its class under its name in the place of its exports. A closing tag in a text of it would end ours. */
function libraryText(): string {
  const text = readFileSync(fileURLToPath(import.meta.resolve("@modelcontextprotocol/ext-apps/app-with-deps")), "utf8");
  const [, names = ""] = /export\s*\{([^{}]*)\};?\s*$/.exec(text) ?? [];
  const [, local = "App"] = /(?:^|,)\s*([\w$]+) as App\s*(?:,|$)/.exec(names) ?? [];
  return `${text.slice(0, text.lastIndexOf("export{"))}\nconst App = ${local};`.replaceAll("</script", String.raw`<\/script`);
}
