export {
  type Activation,
  hardSigmoid,
  hardTanh,
  identity,
  mish,
  selu,
  softsign,
} from "./activations.ts";
