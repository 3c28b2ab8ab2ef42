export {
  foldIn,
  type NormalOptions,
  randomBernoulli,
  randomBits,
  randomIntegers,
  randomKey,
  randomNormal,
  randomUniform,
  splitKey,
  type UniformOptions,
} from "../ops/random.ts";
export { threefry } from "../ops/threefry.ts";
