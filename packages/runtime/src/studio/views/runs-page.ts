import { pageText } from "./page-text.ts";
import { showRuns } from "./runs-view.ts";

const STYLE = `section{border-top:1px solid var(--line);margin-top:.7rem;padding-top:.5rem}
section ul{margin:.3rem 0 0;display:grid;gap:.25rem;font-size:.9rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.5rem 0}
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;opacity:.75}
td button{min-height:0;border:0;padding:0;background:none;text-decoration:underline;color:inherit;text-align:left}
#answers{display:flex;flex-wrap:wrap;gap:.6rem;margin-top:.8rem}
#answers button{background:transparent;border-color:var(--line)}`;

/** Where clients find the page of runs. */
export const RUNS_PAGE = "ui://offstage/runs.html";

/** The page that lists runs, and tells the story of one. */
export function runsPage(): string {
  return pageText({
    title: "Runs", style: STYLE,
    body: `<h1 id="title">Runs</h1>
<div id="story"></div>
<div id="answers" hidden><button id="again">Look again</button><button id="all">All runs</button></div>`,
    show: String(showRuns),
  });
}
