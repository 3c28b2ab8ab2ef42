/** C functions of what the library of C lacks, or does otherwise than JavaScript. */
export const helpers = {
  max: `(double a, double b) {
  if (a != a || b != b) return NAN;
  if (a == b) return signbit(a) ? b : a;
  return a > b ? a : b;
}`,
  min: `(double a, double b) {
  if (a != a || b != b) return NAN;
  if (a == b) return signbit(a) ? a : b;
  return a < b ? a : b;
}`,
  sign: `(double x) {
  return x > 0 ? 1 : x < 0 ? -1 : x;
}`,
  step: `(double x, double at_zero) {
  return x > 0 ? 1 : x < 0 ? 0 : x == 0 ? at_zero : x;
}`,
  mod: `(double x, double y) {
  double rest;
  if (y == 0) return x;
  rest = fmod(x, y);
  if (rest == 0) return 0;
  return (rest < 0) == (y < 0) ? rest : rest + y;
}`,
  pow: `(double x, double y) {
  if (y != y || (fabs(x) == 1 && isinf(y))) return NAN;
  return pow(x, y);
}`,
  sigmoid: `(double x) {
  return 1 / (1 + exp(-x));
}`,
  softplus: `(double x) {
  return (x > 0 ? x : x == x ? 0 : x) + log1p(exp(-fabs(x)));
}`,
  int32: `(double x) {
  double rest;
  if (!(fabs(x) <= DBL_MAX)) return 0;
  x = trunc(x);
  rest = x - 4294967296.0 * floor(x / 4294967296.0);
  return rest >= 2147483648.0 ? rest - 4294967296.0 : rest;
}`,
  imul: `(double a, double b) {
  const uint32_t product = (uint32_t)(int32_t)a * (uint32_t)(int32_t)b;
  return product >= 2147483648u ? (double)product - 4294967296.0 : (double)product;
}`,
} as const;

/** Name of a helper. */
export type Helper = keyof typeof helpers;
