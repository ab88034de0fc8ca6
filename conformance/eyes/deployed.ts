import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const place = (name: string): string => fileURLToPath(new URL(`../../deploy/monitoring/${name}`, import.meta.url));

/** What we give away for those who watch. */
export const RULES_FILE = place("prometheus-rules.yaml");
export const RULES_TEST_FILE = place("prometheus-rules.test.yaml");

/** The names of the alerts, and of the cases in which they are tried, in their order. */
export function readAlerts(): { readonly alerts: readonly string[]; readonly cases: readonly string[] } {
  const named = (file: string, key: string): readonly string[] => [...readFileSync(file, "utf8").matchAll(new RegExp(`^ +- ${key}: (\\w+)$`, "gm"))].map(([, name]) => name as string);
  return { alerts: named(RULES_FILE, "alert"), cases: named(RULES_TEST_FILE, "name") };
}

/** The dashboard's queries, with its variables as they are when everything is chosen; and the series and labels that its variables are filled from. */
export function readDashboard(): { readonly queries: readonly { readonly title: string; readonly expr: string }[]; readonly variables: readonly { readonly series: string; readonly label: string }[] } {
  const dashboard = JSON.parse(readFileSync(place("grafana-dashboard.json"), "utf8")) as {
    readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
    readonly templating: { readonly list: readonly { readonly definition?: string }[] };
  };
  return {
    queries: dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr: expr.replaceAll("$__rate_interval", "1m").replaceAll(/\$(workflow|server)\b/g, ".*") }))),
    variables: dashboard.templating.list.flatMap(({ definition = "" }) => {
      const [, series, label] = /^label_values\((\w+), (\w+)\)$/.exec(definition) ?? [];
      return series === undefined || label === undefined ? [] : [{ series, label }];
    }),
  };
}
