/** An expression to begin with. */
export interface Example {
  readonly id: string;
  readonly title: string;
  /** What to look at. */
  readonly about: string;
  readonly text: string;
  readonly values: Readonly<Record<string, number>>;
  readonly wrt: string;
}

/** What the room offers, from one product to a network and attention. */
export const gallery: readonly Example[] = [
  {
    id: "lecture",
    title: "L = c(a + 2b)",
    about: "Three inputs, three operations: one path from each input.",
    text: "L = c(a + 2b)",
    values: { a: 3, b: 1, c: -2 },
    wrt: "b",
  },
  {
    id: "named",
    title: "The same with names",
    about: "Names of your own for the intermediate steps.",
    text: "d = 2b\ne = a + d\nL = c e",
    values: { a: 3, b: 1, c: -2 },
    wrt: "b",
  },
  {
    id: "square",
    title: "a · a",
    about: "One variable used twice: both uses send a derivative back.",
    text: "y = a * a",
    values: { a: 3 },
    wrt: "a",
  },
  {
    id: "doubling",
    title: "b = a + a; c = b + b",
    about: "Four paths through two nodes: paths double with every step, the sweep does not.",
    text: "b = a + a\nc = b + b",
    values: { a: 1 },
    wrt: "a",
  },
  {
    id: "quotient",
    title: "A quotient",
    about: "The quotient rule is two local derivatives.",
    text: "u = x^2 + 1\nv = sin(x) + 2\ny = u / v",
    values: { x: 1 },
    wrt: "x",
  },
  {
    id: "sigmoid",
    title: "σ, step by step",
    about: "The logistic function taken apart; σ(1 − σ) is what its steps multiply to.",
    text: "n = -x\np = e^n\nq = 1 + p\ny = 1 / q",
    values: { x: 0.5 },
    wrt: "x",
  },
  {
    id: "softmax",
    title: "Softmax with cross-entropy",
    about:
      "Many paths that add up to something short: p − 1 for the right class, p for the others.",
    text: "s = e^z_1 + e^z_2 + e^z_3\np_1 = e^z_1 / s\np_2 = e^z_2 / s\np_3 = e^z_3 / s\nL = -(t_1 ln(p_1) + t_2 ln(p_2) + t_3 ln(p_3))",
    values: { z_1: 1, z_2: 2, z_3: 0.5, t_1: 0, t_2: 1, t_3: 0 },
    wrt: "z_1",
  },
  {
    id: "network",
    title: "The 2-2-2 network",
    about: "The lecture’s network: a hidden weight reaches the error by both outputs.",
    text: [
      "sum_h1 = i_1 w_1 + i_2 w_3 + b_1",
      "sum_h2 = i_1 w_2 + i_2 w_4 + b_1",
      "h_1 = sigmoid(sum_h1)",
      "h_2 = sigmoid(sum_h2)",
      "sum_o1 = h_1 w_5 + h_2 w_6 + b_2",
      "sum_o2 = h_1 w_7 + h_2 w_8 + b_2",
      "o_1 = sigmoid(sum_o1)",
      "o_2 = sigmoid(sum_o2)",
      "E_1 = (1/2)(t_1 - o_1)^2",
      "E_2 = (1/2)(t_2 - o_2)^2",
      "E = E_1 + E_2",
    ].join("\n"),
    values: {
      i_1: 0.1,
      i_2: 0.5,
      w_1: 0.1,
      w_2: 0.2,
      w_3: 0.3,
      w_4: 0.4,
      w_5: 0.5,
      w_6: 0.6,
      w_7: 0.7,
      w_8: 0.8,
      b_1: 0.25,
      b_2: 0.35,
      t_1: 0.05,
      t_2: 0.95,
    },
    wrt: "w_1",
  },
  {
    id: "power",
    title: "xˣ",
    about: "The variable is base and exponent: two rules, two terms.",
    text: "y = x^x",
    values: { x: 2 },
    wrt: "x",
  },
  {
    id: "norm",
    title: "A norm",
    about: "The length of a vector: its gradient is the vector divided by its length.",
    text: "s = x_1^2 + x_2^2 + x_3^2\nr = sqrt(s)",
    values: { x_1: 1, x_2: 2, x_3: -2 },
    wrt: "x_1",
  },
  {
    id: "attention",
    title: "Attention of two tokens",
    about: "The second token asks both; x₂ is query, key and value at once.",
    text: [
      "q = w_q x_2",
      "k_1 = w_k x_1",
      "k_2 = w_k x_2",
      "v_1 = w_v x_1",
      "v_2 = w_v x_2",
      "s_1 = e^(q k_1)",
      "s_2 = e^(q k_2)",
      "s = s_1 + s_2",
      "a_1 = s_1 / s",
      "a_2 = s_2 / s",
      "o = a_1 v_1 + a_2 v_2",
      "L = (o - t)^2 / 2",
    ].join("\n"),
    values: { x_1: 1, x_2: -0.5, w_q: 0.8, w_k: 1.2, w_v: 0.6, t: 1 },
    wrt: "w_k",
  },
];

/** The example of this text. */
export function exampleOf(text: string): Example | undefined {
  return gallery.find((example) => example.text === text);
}
