import { showFlow } from "./flow-view.ts";
import { pageText } from "./page-text.ts";

/** Steps stand below each other, each joined to the one before; those of branches side by side. */
const STYLE = `#about{margin:0;opacity:.75}
#faults li{margin:0 0 .35rem;white-space:pre-wrap}#faults li::before,#faults li::after{content:none}.hint{margin:0;opacity:.75}
ol{margin:.5rem 0 0;display:flex;flex-direction:column;align-items:stretch}
li{position:relative}
li+li{margin-top:1.1rem}
li+li::before{content:"";position:absolute;left:1.4rem;top:-1.1rem;height:1.1rem;border-left:2px solid var(--line)}
li+li::after{content:"";position:absolute;left:calc(1.4rem - .28rem);top:-.42rem;border:.34rem solid transparent;border-top-color:var(--line);border-bottom:0}
.box{border:1px solid var(--line);border-left:.3rem solid var(--line);border-radius:.4rem;padding:.4rem .7rem;margin:0;background:Canvas;position:relative}
.box.starts{border-radius:1.2rem;display:inline-block}
.write{border-left-color:var(--bad)}.read{border-left-color:var(--good)}.wait{border-left-color:var(--warn)}
.box.end{border-style:dashed}
.line{float:right;margin-left:.7rem;opacity:.6;font-size:.8rem}
.sign{font-size:.8rem;font-weight:600;color:var(--bad);white-space:nowrap}
.branches{display:flex;flex-wrap:wrap;gap:.6rem;margin:.5rem 0 .2rem}
.branch{flex:1 1 12rem;border:1px dashed var(--line);border-radius:.4rem;padding:.4rem .6rem .6rem;background:var(--soft)}
.branch h2{font-size:.85rem;opacity:.75}`;

/** Where clients find the page of a workflow. */
export const FLOW_PAGE = "ui://offstage/workflow.html";

/** The page that shows a workflow as a graph. */
export function flowPage(): string {
  return pageText({
    title: "Workflow", style: STYLE,
    body: `<h1 id="title">Workflow</h1>
<p id="about"></p>
<ul id="faults"></ul>
<ol id="steps"></ol>`,
    show: String(showFlow),
  });
}
