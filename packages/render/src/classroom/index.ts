export type { Block, Document } from "../derivation/document.ts";
export { printLatex as documentLatex } from "../derivation/printLatex.ts";
export { printMarkdown as documentMarkdown } from "../derivation/printMarkdown.ts";
export { printPlain as documentText } from "../derivation/printPlain.ts";
export { type ActivationPage, activationPages, softmaxPage } from "./activationPages.ts";
export { type BeamerOptions, toBeamer } from "./beamer.ts";
export {
  type CheckAnswerOptions,
  type CheckedAnswer,
  type Claim,
  checkAnswer,
  type NamedMistake,
  readClaim,
} from "./checkAnswer.ts";
export { Draws } from "./draws.ts";
export {
  type ExerciseLevel,
  type ExerciseTopic,
  exerciseLevels,
  exerciseTopics,
  type Problem,
} from "./exercise.ts";
export { type GivenAnswer, gradeAnswers, type MarkedAnswer } from "./gradeAnswers.ts";
export { type LectureTopic, lecture, lectureTopics } from "./lecture.ts";
export { type Finding, lectureClaims } from "./lectureClaims.ts";
export { LECTURE_RATE, lectureNetwork } from "./lectureNetwork.ts";
export {
  type Exercise,
  type ExerciseKey,
  makeExercise,
  makeExercises,
  type Question,
} from "./makeExercise.ts";
export { moodleXml } from "./moodle.ts";
export {
  type ActivationName,
  activations,
  type NetworkTextOptions,
  networkText,
} from "./networkText.ts";
export { type Answer, readAnswer } from "./readAnswer.ts";
export { type Sheet, type SheetPart, sheetDocument, sheetLatex, sheetParts } from "./sheet.ts";
export { type ExerciseJSON, type QuestionJSON, type SheetJSON, sheetsJSON } from "./sheetsJSON.ts";
