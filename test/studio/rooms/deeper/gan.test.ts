import { describe, expect, it } from "vitest";
import { FIELD } from "../../../../packages/studio/src/rooms/deeper/gan/ganField.ts";
import { GanGame } from "../../../../packages/studio/src/rooms/deeper/gan/ganGame.ts";

describe("the game of generator and discriminator", () => {
  it("is the same again for the same seed, however it is cut into steps", () => {
    const [one, other] = [new GanGame(3), new GanGame(3)];
    one.play(20);
    for (let i = 0; i < 4; i++) other.play(5);
    expect(one.view()).toEqual(other.view());
    expect(one.real).toEqual(other.real);
    expect(new GanGame(4).real).not.toEqual(one.real);
  });

  it("shows samples, and what the discriminator takes for real", () => {
    const game = new GanGame(1);
    game.play(5);
    const { step, samples, field, loss } = game.view();
    expect(step).toBe(5);
    expect(samples).toHaveLength(game.real.length);
    expect(field).toHaveLength(FIELD * FIELD);
    expect(field.every((belief) => belief >= 0 && belief <= 1)).toBe(true);
    expect(loss).toBeGreaterThan(0);
    // Real points lie on a circle of radius 1.
    for (let i = 0; i < game.real.length; i += 2) {
      expect(Math.hypot(game.real[i] as number, game.real[i + 1] as number)).toBeCloseTo(1, 0);
    }
  });

  it("learns to cover most of the clouds", () => {
    const game = new GanGame(1);
    const before = game.view();
    game.play(3000);
    const after = game.view();
    expect(before.quality).toBeLessThan(0.2);
    expect(after.quality).toBeGreaterThan(0.6);
    expect(after.modes).toBeGreaterThanOrEqual(5);
  });
});
