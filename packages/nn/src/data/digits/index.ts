export { curve as strokeCurve } from "./curve.ts";
export { digitStrokes, type Point, type Stroke } from "./digitStrokes.ts";
export { type DigitOptions, type DigitsOptions, digits, drawDigit } from "./digits.ts";
export { drawStrokes, type StrokeOptions } from "./drawStrokes.ts";
