/* Values of elementary functions to 113 bits, by GCC's libquadmath.
 *
 * Build: gcc -O2 reference.c -o reference -lquadmath
 * Usage: reference <function> < points > values
 * Points are pairs of doubles (x, y), y unused by functions of one argument; values are pairs of doubles
 * whose sum is the value to about 106 bits.
 */
#include <quadmath.h>
#include <stdio.h>
#include <string.h>

static __float128 sigmoid(__float128 x) { return 1 / (1 + expq(-x)); }

static __float128 softplus(__float128 x) { return x > 0 ? x + log1pq(expq(-x)) : log1pq(expq(x)); }

static __float128 log_sigmoid(__float128 x) { return -softplus(-x); }

static __float128 modulo(__float128 x, __float128 y) {
  const __float128 rest = fmodq(x, y);
  return y == 0 ? x : rest == 0 ? 0 : (rest < 0) == (y < 0) ? rest : rest + y;
}

static const struct {
  const char *name;
  __float128 (*f)(__float128);
} unary[] = {
  {"exp", expq}, {"expm1", expm1q}, {"sinh", sinhq}, {"cosh", coshq}, {"tanh", tanhq},
  {"log", logq}, {"log1p", log1pq}, {"log2", log2q}, {"log10", log10q}, {"asinh", asinhq},
  {"acosh", acoshq}, {"atanh", atanhq}, {"sin", sinq}, {"cos", cosq}, {"tan", tanq},
  {"asin", asinq}, {"acos", acosq}, {"atan", atanq}, {"erf", erfq}, {"cbrt", cbrtq},
  {"sigmoid", sigmoid}, {"softplus", softplus}, {"logSigmoid", log_sigmoid},
};

static const struct {
  const char *name;
  __float128 (*f)(__float128, __float128);
} binary[] = {{"atan2", atan2q}, {"hypot", hypotq}, {"pow", powq}, {"mod", modulo}};

int main(int count, char **words) {
  const char *name = count > 1 ? words[1] : "";
  double point[2], value[2];
  while (fread(point, sizeof point, 1, stdin) == 1) {
    __float128 exact = 0;
    int found = 0;
    for (size_t i = 0; i < sizeof unary / sizeof *unary; i++)
      if (!strcmp(unary[i].name, name)) exact = unary[i].f(point[0]), found = 1;
    for (size_t i = 0; i < sizeof binary / sizeof *binary; i++)
      if (!strcmp(binary[i].name, name)) exact = binary[i].f(point[0], point[1]), found = 1;
    if (!found) return fprintf(stderr, "reference: unknown function %s\n", name), 1;
    value[0] = (double)exact;
    value[1] = (double)(exact - value[0]);
    fwrite(value, sizeof value, 1, stdout);
  }
  return 0;
}
