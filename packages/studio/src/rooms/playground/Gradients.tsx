import type { JSX } from "preact";
import type { GradientBar } from "../../training/frame.ts";
import { short } from "./text.ts";

/** Powers of ten from one end of the bars to the other. */
const [LEAST, MOST] = [-6, 1];

/** The size of the gradient by each layer's weights, from the input to the output, by powers of ten. */
export function Gradients({ bars }: { readonly bars: readonly GradientBar[] }): JSX.Element {
  return (
    <table class="gradients">
      <caption>
        Root mean square of the loss's gradient by the weights, from 10<sup>−6</sup> to 10
      </caption>
      <tbody>
        {bars.map(({ path, gradient }) => (
          <tr key={path}>
            <th scope="row">{path.replace("hidden", "layer ")}</th>
            <td class="bar">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="ground" width={100} height={10} />
                <rect class="filled" width={share(gradient)} height={10} />
              </svg>
            </td>
            <td class="number">{short(gradient)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function share(gradient: number): number {
  if (!(gradient > 0)) return 0;
  return Math.min(100, Math.max(0, (100 * (Math.log10(gradient) - LEAST)) / (MOST - LEAST)));
}
