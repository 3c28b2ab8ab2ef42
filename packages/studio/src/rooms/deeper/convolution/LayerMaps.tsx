import type { JSX } from "preact";
import { HeatGrid, largestOf } from "../../../chart/HeatGrid.tsx";
import { Panel } from "../../../design/index.ts";
import type { Reading, Rows } from "./reader.ts";

/** What the layers of the reader see, from edges to what tells digits apart. */
export function LayerMaps(props: {
  readonly maps: Reading["maps"];
  readonly kernels: readonly Rows[];
}): JSX.Element {
  const { maps, kernels } = props;
  return (
    <Panel title="Inside the network that reads">
      <p>
        Its first layer has learnt eight kernels of 5 × 5, strokes and edges in several directions.
        Pooling keeps the largest of 2 × 2, so that a digit that is moved a little looks the same
        further on. The second layer puts these together, and ten sums of its 256 numbers decide.
      </p>
      <Strip title="Kernels, 5 × 5" name="Kernel" all={kernels} />
      <Strip title="First maps, 16 × 16" name="First map" all={maps.maps1} />
      <Strip title="Pooled, 8 × 8" name="First map, pooled," all={maps.pooled1} />
      <Strip title="Second maps, 8 × 8" name="Second map" all={maps.maps2} />
      <Strip title="Pooled, 4 × 4" name="Second map, pooled," all={maps.pooled2} />
    </Panel>
  );
}

interface StripProps {
  readonly title: string;
  readonly name: string;
  readonly all: readonly Rows[];
}

/** Maps of a layer beside each other, on one scale. */
function Strip({ title, name, all }: StripProps): JSX.Element {
  const scale = Math.max(...all.map(largestOf));
  return (
    <figure class="strip">
      <figcaption>{title}</figcaption>
      <div>
        {all.map((rows, i) => (
          <HeatGrid key={i} rows={rows} scale={scale} label={`${name} ${i + 1} of ${all.length}`} />
        ))}
      </div>
    </figure>
  );
}
