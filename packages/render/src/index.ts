export { type TextOptions, toText } from "@chainrule/core";
export { type ChainFactor, type ChainProduct, chainProducts } from "./derivation/chainProducts.ts";
export { type Derivation, derivation, type ScalarDerivation } from "./derivation/derivation.ts";
export type { Block, Document, EquationLine, Formula, Inline } from "./derivation/document.ts";
export type {
  MatrixDerivation,
  Primed,
  TensorAdjoint,
  TensorQuantity,
  TensorStep,
  TensorTerm,
} from "./derivation/matrix/matrixDerivation.ts";
export type {
  DerivationOptions,
  DerivationSettings,
  DerivativeNotation,
} from "./derivation/options.ts";
export {
  derivationDocument,
  derivationHtml,
  derivationLatex,
  derivationMarkdown,
  derivationText,
} from "./derivation/print.ts";
export type { HtmlOptions } from "./derivation/printHtml.ts";
export type { LatexDocumentOptions } from "./derivation/printLatex.ts";
export type {
  AdjointTerm,
  ChainPath,
  Component,
  Derivative,
  Quantity,
  Shown,
  Step,
  Update,
} from "./derivation/quantity.ts";
export {
  type Walk,
  type WalkLocal,
  type WalkNumber,
  type WalkStep,
  type WalkTerm,
  walkOf,
} from "./derivation/walk.ts";
export { type DotOptions, toDot } from "./dot/toDot.ts";
export type { DrawingOptions, PictureOptions, Position } from "./graph/options.ts";
export { type GraphHtmlOptions, toHtml } from "./html/toHtml.ts";
export { escapeLatex } from "./latex/escapeLatex.ts";
export { nameLatex } from "./latex/nameLatex.ts";
export { decimalLatex, numberLatex } from "./latex/numberLatex.ts";
export { type LatexOptions, type LatexParts, latexParts, toLatex } from "./latex/toLatex.ts";
export type { Frame as PictureFrame } from "./layout/frames.ts";
export { type GraphLayout, graphLayout, type PlacedBox } from "./layout/graphLayout.ts";
export { latexToMathml, type MathmlOptions } from "./mathml/latexToMathml.ts";
export { toMathml } from "./mathml/toMathml.ts";
export { type MermaidOptions, toMermaid } from "./mermaid/toMermaid.ts";
export type { NeuronLayer, NeuronModel } from "./neuron/model.ts";
export { neuronView } from "./neuron/neuronView.ts";
export type { NeuronOptions } from "./neuron/options.ts";
export { type NotebookDisplay, notebookDisplay } from "./notebook/notebookDisplay.ts";
export { showInNotebooks } from "./notebook/showInNotebooks.ts";
export {
  type Digits,
  type NumberFormat,
  type RoundedNumber,
  type Rounding,
  roundNumber,
} from "./number/roundNumber.ts";
export { type GraphPictureOptions, graphPicture } from "./picture/graphPicture.ts";
export type { Picture, PictureBox, PictureEdge, PictureText } from "./picture/picture.ts";
export type {
  Area as PlotArea,
  Axis as ChartAxis,
  Chart,
  Curve as PlotCurve,
  Level as PlotLevel,
  Point as PlotPoint,
} from "./plot/chart.ts";
export type { PlotOptions } from "./plot/chartSvg.ts";
export type {
  ActivationFigure,
  FieldFigure,
  Figure,
  FunctionFigure,
  Interval,
  LossFigure,
} from "./plot/figure.ts";
export { type HeatMapOptions, type HeatMapPanel, heatMap } from "./plot/heatMap.ts";
export { plot } from "./plot/plot.ts";
export { type PlotAxis, type PlotData, plotData } from "./plot/plotData.ts";
export { type PngOptions, toPng } from "./png/toPng.ts";
export type { Theme } from "./svg/palette.ts";
export { type SvgOptions, toSvg } from "./svg/toSvg.ts";
export { type TikzOptions, toTikz } from "./tikz/toTikz.ts";
