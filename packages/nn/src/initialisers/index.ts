export {
  type Initial,
  type Initialiser,
  type InitialiserParts,
  initialElements,
} from "./initialiser.ts";
export * from "./initialisers.ts";
