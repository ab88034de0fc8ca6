export { createModels, type ModelProvider, type Models, type ModelsOptions } from "./create-models.ts";
export type { ModelAnswer, ModelQuestion } from "./question.ts";
