export { cholesky } from "../ops/cholesky.ts";
export { determinant, logDet, signDet } from "../ops/determinant.ts";
export { eye, lowerTriangle, upperTriangle } from "../ops/matrices.ts";
export { inverse, solve } from "../ops/solve.ts";
export { type TriangularOptions, triangularSolve } from "../ops/triangularSolve.ts";
