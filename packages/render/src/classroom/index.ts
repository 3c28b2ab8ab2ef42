export type { Block, Document } from "../derivation/document.ts";
export { printLatex as documentLatex } from "../derivation/printLatex.ts";
export { printMarkdown as documentMarkdown } from "../derivation/printMarkdown.ts";
export { printPlain as documentText } from "../derivation/printPlain.ts";
export { type LectureTopic, lecture, lectureTopics } from "./lecture.ts";
export { LECTURE_RATE, lectureNetwork } from "./lectureNetwork.ts";
export {
  type ActivationName,
  activations,
  type NetworkTextOptions,
  networkText,
} from "./networkText.ts";
