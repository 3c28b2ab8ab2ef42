/** `Σ aᵢ bᵢ` */
export function dot(a: Float64Array, b: Float64Array): number {
  let out = 0;
  for (let i = 0; i < a.length; i++) out += (a[i] as number) * (b[i] as number);
  return out;
}

/** `a + t b`, a new vector. */
export function along(a: Float64Array, t: number, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = (a[i] as number) + t * (b[i] as number);
  return out;
}

/** `a ← a + t b` */
export function addTo(a: Float64Array, t: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) + t * (b[i] as number);
}

/** The largest absolute element; NaN if one is NaN. */
export function largest(a: Float64Array): number {
  let out = 0;
  for (const x of a) out = Math.max(out, Math.abs(x));
  return out;
}

/** `Σ |aᵢ|` */
export function absoluteSum(a: Float64Array): number {
  let out = 0;
  for (const x of a) out += Math.abs(x);
  return out;
}
