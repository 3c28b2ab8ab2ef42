export { checkOptions } from "./checkOptions.ts";
export { isSelected, type Select, selectAny } from "./select.ts";
