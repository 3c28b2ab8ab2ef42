import components from "../design/components.css?inline";
import math from "../design/math.css?inline";
import tokens from "../design/tokens.css?inline";
import blocks from "../document/blocks.css?inline";
import room from "../document/roomHead.css?inline";
import scroller from "../document/scroller.css?inline";
import graph from "../graph/graph.css?inline";
import chainRule from "../rooms/chainRule/chainRule.css?inline";
import own from "./element.css?inline";

let made: CSSStyleSheet[] | undefined;

/** The styles of every element of a page, once; sheets that a script makes obey strict policies. */
export function sheets(): CSSStyleSheet[] {
  made ??= [tokens, math, components, blocks, room, scroller, graph, chainRule, own].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  return made;
}
