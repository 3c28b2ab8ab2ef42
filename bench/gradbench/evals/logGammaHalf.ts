/** `log Γ(n / 2)` of a whole number n ≥ 1, by `Γ(z + 1) = z Γ(z)` from `Γ(½) = √π` and `Γ(1) = 1`. */
export function logGammaHalf(n: number): number {
  let total = n % 2 === 1 ? 0.5 * Math.log(Math.PI) : 0;
  for (let z = n / 2 - 1; z > 0; z--) total += Math.log(z);
  return total;
}
