import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { ShownRequest } from "./page-texts.ts";

/** What stands on a page. */
export type ApprovalPage =
  | { readonly kind: "question"; readonly shown: ShownRequest; /** Who answers. */ readonly by: string; readonly until: string }
  | { readonly kind: "told"; readonly title: string; readonly text: string; readonly tone: "good" | "neutral" | "bad" };

const STYLE = `:root{color-scheme:light dark;--line:#c9ced6;--soft:#f3f5f8;--good:#116329;--bad:#a40e26;--on:#fff}
@media (prefers-color-scheme:dark){:root{--line:#444c56;--soft:#1c2128;--good:#57ab5a;--bad:#f47067;--on:#0d1117}}
*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1.25rem 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.4rem;line-height:1.25;margin:.5rem 0 1rem}
.mark{font-size:.85rem;opacity:.75;margin:0}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.35rem 1rem;margin:0 0 1rem}
dt{opacity:.75}dd{margin:0}
h2{font-size:1rem;margin:1.25rem 0 .35rem}
pre{background:var(--soft);border:1px solid var(--line);border-radius:.4rem;padding:.75rem;margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.9rem}
label{display:block;font-weight:600;margin:1.25rem 0 .35rem}
textarea{width:100%;min-height:4.5rem;font:inherit;padding:.5rem;border:1px solid var(--line);border-radius:.4rem}
.answers{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1rem}
button{font:inherit;font-weight:600;min-height:2.9rem;flex:1 1 9rem;border-radius:.4rem;border:2px solid;padding:.5rem 1rem;cursor:pointer}
.yes{background:var(--good);border-color:var(--good);color:var(--on)}
.no{background:transparent;border-color:var(--bad);color:var(--bad)}
button:focus-visible,textarea:focus-visible{outline:3px solid;outline-offset:2px}
.good{color:var(--good)}.bad{color:var(--bad)}
@media (max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}`;

/** Nothing is loaded, run, framed or told to others; a form is sent to where it came from. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  "referrer-policy": "no-referrer", "cache-control": "no-store", "x-content-type-options": "nosniff", "x-frame-options": "DENY", "x-robots-tag": "noindex, nofollow", "cross-origin-opener-policy": "same-origin",
};

/** A page, with what keeps it to itself. It needs no script. */
export async function pageResponse(status: number, page: ApprovalPage, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const title = page.kind === "question" ? page.shown.title : page.title;
  const body = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<p class="mark">Offstage asks</p>
${page.kind === "question" ? questionPart(page) : html`<h1 class="${page.tone}">${page.title}</h1><p>${page.text}</p>`}
</main>
</body>
</html>
`;
  return new Response(String(body), { status, headers: { ...HEADERS, ...headers } });
}

function questionPart({ shown, by, until }: Extract<ApprovalPage, { kind: "question" }>): ReturnType<typeof html> {
  const facts = shown.facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
  return html`<h1>${shown.title}</h1>
<dl>${facts}</dl>
${shown.body === null ? "" : html`<h2>${shown.facts[0]?.[0] === "Writes with" ? "What exactly is written" : "What it shows"}</h2><pre tabindex="0">${shown.body}</pre>`}
${shown.said.length === 0 ? "" : html`<h2>Said so far</h2><ul>${shown.said.map((one) => html`<li>${one}</li>`)}</ul>`}
<form method="post">
<label for="why">Why (kept with the answer)</label>
<textarea id="why" name="why" maxlength="1000"></textarea>
<p>You answer as <strong>${by}</strong>. This link holds until ${until}; whoever has it can answer.</p>
<div class="answers">
<button class="yes" name="verdict" value="approve">Permit</button>
<button class="no" name="verdict" value="deny">Refuse</button>
</div>
</form>`;
}
