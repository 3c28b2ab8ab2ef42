import type { JSX } from "preact";
import { Button } from "../../design/index.ts";
import { limits } from "../../training/trainingSettings.ts";

/** Adds a layer before the output, or takes the last one away. */
export function LayerButtons(props: {
  readonly layers: readonly number[];
  readonly onLayers: (layers: readonly number[]) => void;
}): JSX.Element {
  const { layers, onLayers } = props;
  return (
    <div class="row">
      <Button
        label="One hidden layer less"
        disabled={layers.length === 0}
        onClick={() => onLayers(layers.slice(0, -1))}
      >
        −
      </Button>
      <span>
        {layers.length} hidden {layers.length === 1 ? "layer" : "layers"}
      </span>
      <Button
        label="One hidden layer more"
        disabled={layers.length >= limits.layers}
        onClick={() => onLayers([...layers, layers.at(-1) ?? 4])}
      >
        +
      </Button>
    </div>
  );
}
