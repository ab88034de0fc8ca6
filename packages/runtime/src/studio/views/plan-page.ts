import { pageText } from "./page-text.ts";
import { showPlan, troubleParts } from "./plan-view.ts";
import { writePart } from "./write-part.ts";
import { writeWords } from "./write-words.ts";

const STYLE = `#unchanged{margin:0;opacity:.75}
ul{display:grid;gap:.6rem}
li{border:1px solid var(--line);border-radius:.4rem;padding:.55rem .75rem}
.sign{display:inline-block;font-size:.8rem;font-weight:600;border-radius:.3rem;padding:0 .4rem;background:var(--soft);color:var(--good)}
.sign.update,.sign.adopt{color:var(--warn)}.sign.release{color:var(--bad)}
.where{margin:.1rem 0 .35rem;opacity:.75;font-size:.85rem}.identity{margin:.35rem 0 0;opacity:.75;font-size:.8rem}#troubles p{margin:.1rem 0 .35rem;white-space:pre-wrap}.later{font-style:italic;border:1px dashed;border-radius:.3rem;padding:0 .4rem}
#answers{display:flex;flex-wrap:wrap;gap:.6rem;position:sticky;bottom:0;background:Canvas;padding:.5rem 0}
#answers[hidden]{display:none}
button{flex:1 1 9rem}
#yes{background:var(--good);border-color:var(--good);color:var(--on)}
#no{background:transparent;border-color:var(--bad);color:var(--bad)}
#hint{margin:0;opacity:.75;font-size:.85rem}input{width:1.05rem;height:1.05rem;vertical-align:-.15rem;margin:0 .25rem 0 0}`;

/** Where clients find the page of a plan. */
export const PLAN_PAGE = "ui://offstage/plan.html";

/** The page that shows a plan. */
export function planPage(): string {
  return pageText({
    title: "Plan", style: STYLE,
    body: `<h1 id="title">Plan</h1>
<p id="unchanged"></p>
<ul id="writes"></ul>
<section id="troubles" class="bad"></section>
<div id="answers" hidden><button id="yes">Perform these writes</button><button id="no">Refuse</button></div>
<p id="hint" aria-live="polite"></p>`,
    show: String(showPlan),
    besides: [`(write, before, changed) => (${String(writePart)})(document, view.make, write.label, (${String(writeWords)})(write, before), changed)`, String(troubleParts)],
  });
}
