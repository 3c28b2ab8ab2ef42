// Terms of the polynomials in src/math/singleExponential.ts. Run by `node packages/compile/scripts/singles.mjs`.

/** The polynomial through a function at Chebyshev's nodes of an interval, lowest term first (Newton's form, multiplied out). */
function interpolated(f, low, high, degree) {
  const nodes = Array.from({ length: degree + 1 }, (_, i) => {
    return (low + high) / 2 + ((high - low) / 2) * Math.cos((Math.PI * (i + 0.5)) / (degree + 1));
  });
  const differences = nodes.map(f);
  for (let order = 1; order <= degree; order++) {
    for (let i = degree; i >= order; i--) {
      differences[i] = (differences[i] - differences[i - 1]) / (nodes[i] - nodes[i - order]);
    }
  }
  let terms = [];
  for (let i = degree; i >= 0; i--) {
    terms = [0, ...terms].map((term, k) => term - nodes[i] * (terms[k] ?? 0));
    terms[0] += differences[i];
  }
  return terms.map(Math.fround);
}

/** `(eʳ − 1 − r) / r²` by its series. */
function expRest(r) {
  let [sum, term] = [0, 0.5];
  for (let k = 3; k < 28; k++) {
    sum += term;
    term *= r / k;
  }
  return sum;
}

/** `(tanh x / x − 1) / x²` by z = x². */
function tanhRest(z) {
  const x = Math.sqrt(z);
  return z < 1e-3 ? -1 / 3 + (2 * z) / 15 - (17 * z ** 2) / 315 : (Math.tanh(x) / x - 1) / z;
}

const half = (Math.LN2 / 2) * 1.01;
console.log("expTerms", interpolated(expRest, -half, half, 4));
console.log("tanhTerms", interpolated(tanhRest, 0, 0.4, 5));
