import type { JSX } from "preact";
import { Panel } from "../../design/index.ts";
import { short } from "./text.ts";
import type { Training } from "./useTraining.ts";

/** Powers of ten from one end of the bars to the other. */
const [LEAST, MOST] = [-6, 1];

/** The size of the gradient by each layer's weights, from the input to the output, and what is conspicuous. */
export function Gradients({ training }: { readonly training: Training }): JSX.Element {
  const { gradients = [], sentences = [] } = training.detail.value ?? {};
  return (
    <Panel title="Gradients through the layers" class="through">
      <table class="gradients">
        <caption>
          Root mean square of the loss's gradient by the weights, from 10<sup>−6</sup> to 10
        </caption>
        <tbody>
          {gradients.map(({ path, gradient }) => (
            <tr key={path}>
              <th scope="row">{worded(path)}</th>
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
      {sentences.map((sentence) => (
        <p key={sentence} class="note">
          {worded(sentence)}
        </p>
      ))}
    </Panel>
  );
}

/** Paths of layers as the page calls them. */
function worded(text: string): string {
  return text.replace(/hidden(\d)(?:\.\w+)?/g, "layer $1");
}

function share(gradient: number): number {
  if (!(gradient > 0)) return 0;
  return Math.min(100, Math.max(0, (100 * (Math.log10(gradient) - LEAST)) / (MOST - LEAST)));
}
