export type { Answers } from "./test-types.ts";
export { testDeclarations } from "./declarations.ts";
export { type Fixture, FIXTURE_VERSION, fixturePath, type RecordedCall, type RecordedEffect } from "./fixture.ts";
export { parseFixture, printFixture } from "./fixture-text.ts";
export { maskFixture, type MaskRule } from "./mask.ts";
export { createRecorder, type Recorder } from "./recorder.ts";
export { openStage, readFixture, type Stage, stageOf } from "./rehearse.ts";
export { effectsDifference, recordedEffect } from "./shown-effects.ts";
export { type EnvironmentParts, type FixtureShelf, installTestRunner, type RegisteredTest, type StagedWorkflow, type Staging, type TestRunner } from "./staging.ts";
