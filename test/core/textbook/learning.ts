import { from, type Options, type TextbookDerivative } from "./entry.ts";

const bishop = "Bishop, Pattern Recognition and Machine Learning";
const goodfellow = "Goodfellow, Bengio & Courville, Deep Learning";
const casella = "Casella & Berger, Statistical Inference, 2nd ed.";
const mitchell = "Mitchell, Machine Learning";
const cookbook = "Petersen & Pedersen, The Matrix Cookbook (2012)";
const second: Options = { order: 2 };

/** Derivatives of activations, errors, likelihoods and vectors. */
export const learning: readonly TextbookDerivative[] = [
  ...from(`${bishop}, eq. 4.88 (σ′ = σ(1 − σ)) and 5.60 (tanh′ = 1 − tanh²)`, [
    ["sigmoid", "sigmoid(x)", "x", "sigmoid(x)(1 - sigmoid(x))"],
    ["sigmoid with slope", "sigmoid(a x)", "x", "a sigmoid(a x)(1 - sigmoid(a x))"],
    ["tanh", "tanh(x)", "x", "1 - tanh(x)^2"],
    ["tanh by sigmoid", "2sigmoid(2x) - 1", "x", "4sigmoid(2x)(1 - sigmoid(2x))"],
    [
      "second derivative of sigmoid",
      "sigmoid(x)",
      "x",
      "sigmoid(x)(1 - sigmoid(x))(1 - 2sigmoid(x))",
      second,
    ],
    ["second derivative of tanh", "tanh(x)", "x", "-2tanh(x)(1 - tanh(x)^2)", second],
    ["hidden tanh unit", "v tanh(w x + b)", "w", "v x(1 - tanh(w x + b)^2)"],
  ]),
  ...from(`${goodfellow}, §3.10, properties of σ and softplus`, [
    ["softplus", "softplus(x)", "x", "sigmoid(x)"],
    ["softplus as logarithm", "log(1 + e^x)", "x", "exp(x) / (exp(x) + 1)"],
    ["second derivative of softplus", "softplus(x)", "x", "sigmoid(x)(1 - sigmoid(x))", second],
    ["logarithm of sigmoid", "log(sigmoid(x))", "x", "1 - sigmoid(x)"],
    ["logarithm of 1 - sigmoid", "log(1 - sigmoid(x))", "x", "-sigmoid(x)"],
  ]),
  ...from(`${casella}, Table of Common Distributions, logistic`, [
    ["logistic distribution", "1/(1 + e^(-x))", "x", "exp(-x) / (exp(-x) + 1)^2"],
  ]),
  ...from("Elfwing, Uchibe & Doya, Sigmoid-Weighted Linear Units (2018), derivative of SiLU", [
    ["sigmoid-weighted unit", "x sigmoid(x)", "x", "sigmoid(x)(x(1 - sigmoid(x)) + 1)"],
  ]),
  ...from(`${bishop}, §3.1.1–3.1.4 and §5.3, sum-of-squares error`, [
    ["squared error", "(y - t)^2", "y", "2(y - t)"],
    ["squared error, turned", "(t - y)^2", "y", "2(y - t)"],
    ["half squared error", "(1/2)(t - y)^2", "y", "y - t"],
    ["least squares by slope", "(t - w x)^2", "w", "-2x(t - w x)"],
    ["least squares by offset", "(w x + b - t)^2", "b", "2(w x + b - t)"],
    ["ridge regression", "(t - w x)^2 + lambda w^2", "w", "2lambda w - 2x(t - w x)"],
  ]),
  ...from(`${mitchell}, §4.5.3, derivation of the backpropagation rule`, [
    [
      "half squared error of a sigmoid unit",
      "(1/2)(t - sigmoid(h w + b))^2",
      "w",
      "-h sigmoid(h w + b)(1 - sigmoid(h w + b))(t - sigmoid(h w + b))",
    ],
  ]),
  ...from(`${bishop}, eq. 4.90–4.91, cross-entropy error of logistic regression`, [
    [
      "cross-entropy by the logit",
      "-y log(sigmoid(z)) - (1 - y) log(1 - sigmoid(z))",
      "z",
      "sigmoid(z) - y",
    ],
    ["cross-entropy from logits", "softplus(z) - y z", "z", "sigmoid(z) - y"],
    ["cross-entropy of one class", "-t log(y)", "y", "-t / y"],
  ]),
  ...from(`${casella}, §7.2.2, maximum likelihood estimators`, [
    ["Bernoulli", "y log(p) + (1 - y) log(1 - p)", "p", "y / p - (1 - y) / (1 - p)"],
    ["binomial", "k log(p) + (n - k) log(1 - p)", "p", "k / p - (n - k) / (1 - p)"],
    ["Poisson", "y log(lambda) - lambda", "lambda", "y / lambda - 1"],
    ["Poisson by the logarithm of its rate", "y z - e^z", "z", "y - exp(z)"],
    ["exponential distribution", "log(lambda) - lambda x", "lambda", "1 / lambda - x"],
    ["Gaussian by mean", "-log(s) - (x - mu)^2/(2s^2)", "mu", "(x - mu) / s^2"],
    [
      "Gaussian by standard deviation",
      "-log(s) - (x - mu)^2/(2s^2)",
      "s",
      "(x - mu)^2 / s^3 - 1 / s",
    ],
    ["Gaussian by mean, twice", "-log(s) - (x - mu)^2/(2s^2)", "mu", "-1 / s^2", second],
  ]),
  ...from(`${cookbook}, eq. 69 and 129–131`, [
    ["inner product", "a: [n]; x: [n]; sum(a .* x)", "x", "a"],
    ["squared norm", "x: [n]; sum(x^2)", "x", "2x"],
    ["squared distance", "a: [n]; x: [n]; sum((x - a)^2)", "x", "2(x - a)"],
    ["norm", "x: [n]; sqrt(sum(x^2))", "x", "x / sqrt(sum(x^2))"],
  ]),
  ...from("Boyd & Vandenberghe, Convex Optimization, §3.1.5 and §A.4.1", [
    ["sum of logarithms", "x: [n]; sum(log(x))", "x", "1 / x"],
    ["logarithm of a sum of exponentials", "x: [n]; log(sum(e^x))", "x", "exp(x) / sum(exp(x))"],
  ]),
];
