import { sharedRatesSuite } from "../testing/shared-rates.suite.ts";

// Rates that processes keep together, over a store in a file.

sharedRatesSuite(() => "");
