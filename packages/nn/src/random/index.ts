export { type Random, type RandomState, random, randomFrom } from "./random.ts";
