import { setFlagsFromString } from "node:v8";

/** V8's own. */
const GROWTH = 2;

/** From now on V8's young generation grows with what is asked of it again: `bin/offstage.js` keeps it from that while `serve` starts. */
export function letYoungGenerationGrow(): void {
  setFlagsFromString(`--semi-space-growth-factor=${GROWTH}`);
}
