export { type BytePairTokens, bytePairTokens, bytePairTokensFrom } from "./bytePairTokens.ts";
export { type CharacterTokens, characterTokens } from "./characterTokens.ts";
export type { Merge } from "./learnMerges.ts";
export { type NgramModel, ngramModel } from "./ngramModel.ts";
export type { Tokens } from "./tokens.ts";
export { tokenWindows } from "./windows.ts";
