import "./tokens.css";
import "./font.css";
import "./base.css";
import "./math.css";
import "./components.css";

export { Announcer } from "./Announcer.tsx";
export { Button, type ButtonProps } from "./Button.tsx";
export { Formula, type FormulaProps } from "./Formula.tsx";
export { NumberField, type NumberFieldProps } from "./NumberField.tsx";
export { Panel, type PanelProps } from "./Panel.tsx";
export { readNumber } from "./readNumber.ts";
export { Select, type SelectProps } from "./Select.tsx";
export { Slider, type SliderProps } from "./Slider.tsx";
export { Tabs, type TabsProps } from "./Tabs.tsx";
export { Toggle, type ToggleProps } from "./Toggle.tsx";
