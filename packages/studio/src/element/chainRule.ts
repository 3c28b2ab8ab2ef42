import { ChainRuleElement } from "./ChainRuleElement.ts";

export type { ChainRuleChange } from "./ChainRuleElement.ts";

// A page may load the module by two addresses; a name is defined once.
if (customElements.get("chain-rule") === undefined) {
  customElements.define("chain-rule", ChainRuleElement);
}

export { ChainRuleElement };
