import { figuresText } from "./figures.ts";
import { benchLoop } from "./loop.ts";
import { benchRuntime } from "./runtime.ts";
console.log(figuresText([...(await benchRuntime()), ...(await benchLoop())]));
