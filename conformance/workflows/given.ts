import { call, type StepError, workflow } from "offstage";
import labels from "./labels.ts";

export default workflow({ name: "given", description: "Calls a workflow whose inputs have schemas, with right and with wrong ones.", on: [] }, async () => {
  const attempt = async (given: any) => {
    try {
      return await call(labels, given);
    } catch (error) {
      const { code, message } = error as StepError;
      return `${code} ${message}`;
    }
  };
  return [await attempt({ key: null }), await attempt({ key: "ab", labels: ["idea"] }), await attempt({}), await attempt({ key: "A" }), await attempt({ key: "a", labels: ["joke"] }), await attempt({ key: "a", repo: 1 }), await attempt({ key: "a", other: 1 }), await attempt({ key: null, plain: [1] })];
});
