import type { JSX } from "preact";
import { Select } from "../../design/index.ts";
import { percent, short } from "./text.ts";
import type { Training } from "./useTraining.ts";

/** What is measured now. */
export function Standing(props: {
  readonly training: Training;
  readonly members: number;
  /** What the classes are called. */
  readonly labels: readonly string[];
}): JSX.Element {
  const { training, members, labels } = props;
  const frame = training.frame.value;
  const classes = training.facts.value?.classes ?? 0;
  const { committee, stopped } = frame ?? {};
  return (
    <>
      {members === 1 ? undefined : (
        <Select
          label="Network shown"
          value={String(training.member.value)}
          options={Array.from(
            { length: members },
            (_, i) => [String(i), `Member ${i + 1}`] as const,
          )}
          onChange={(member) => training.show(Number(member))}
        />
      )}
      <table class="standing">
        <thead>
          <tr>
            <td />
            <th scope="col">training</th>
            <th scope="col">held out</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Loss</th>
            <td class="training-loss">{short(frame?.training.loss ?? Number.NaN)}</td>
            <td>{short(frame?.validation.loss ?? Number.NaN)}</td>
          </tr>
          {classes === 0 ? undefined : (
            <tr>
              <th scope="row">Right</th>
              <td class="training-accuracy">{percent(frame?.training.accuracy ?? Number.NaN)}</td>
              <td>{percent(frame?.validation.accuracy ?? Number.NaN)}</td>
            </tr>
          )}
          {committee === undefined ? undefined : (
            <tr>
              <th scope="row">Committee</th>
              <td>{percent(committee.training)}</td>
              <td>{percent(committee.validation)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {classes === 0 ? undefined : (
        <ul class="classes">
          {Array.from({ length: classes }, (_, i) => (
            <li key={i} class={`class${i}`}>
              {labels[i] ?? `class ${i}`}
            </li>
          ))}
        </ul>
      )}
      {stopped === undefined ? undefined : <p class="note">Training has ended: {stopped}.</p>}
    </>
  );
}
