import type { JSX } from "preact";
import { NumberField, Select } from "../../../design/index.ts";
import { LARGEST_ELEMENT } from "./convolutionState.ts";
import { kernels } from "./featureMap.ts";

/** What the field takes: nine elements, row by row. */
export interface KernelProps {
  readonly kernel: readonly number[];
  readonly onKernel: (kernel: readonly number[]) => void;
}

/** A kernel to be chosen, or changed element by element. */
export function KernelField({ kernel, onKernel }: KernelProps): JSX.Element {
  const known = Object.entries(kernels).find(([, { rows }]) => {
    return rows.flat().every((element, i) => element === kernel[i]);
  });
  const named = Object.entries(kernels).map(([id, { title }]) => [id, title] as const);
  return (
    <div class="kernel">
      <Select
        label="Kernel"
        value={known?.[0] ?? "own"}
        options={known === undefined ? [...named, ["own", "Your own"]] : named}
        onChange={(id) => onKernel(kernels[id]?.rows.flat() ?? kernel)}
      />
      <div class="elements">
        {kernel.map((element, i) => (
          <NumberField
            key={i}
            bare
            label={`Element in row ${Math.floor(i / 3) + 1}, column ${(i % 3) + 1}`}
            value={element}
            min={-LARGEST_ELEMENT}
            max={LARGEST_ELEMENT}
            onChange={(value) => onKernel(kernel.with(i, value))}
          />
        ))}
      </div>
    </div>
  );
}
