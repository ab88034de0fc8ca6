import { buildWheel } from "../apps/offstage/src/export/pack-wheel.ts";

// What npm packs of the command line carries the library for Python.
buildWheel();
