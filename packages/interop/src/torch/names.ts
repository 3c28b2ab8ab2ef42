/** Words that Python keeps, what the exported module imports, and the names its own lines use. */
const reserved = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for
  from global if import in is lambda match nonlocal not or pass raise return try type while with yield
  abs all any argparse bool dict dist enumerate float functools int json len list main map math max min
  next nn np open os print range round self set sorted str struct sum super sys time torch tuple
  zip F Model args data device model training`
    .split(/\s+/)
    .filter((word) => word !== ""),
);

/**
 * Gives each text an identifier of Python: its own letters where they are ASCII, `_` for others, a number
 * behind where that is taken. Two texts never get one identifier, and no text reaches the module unchanged
 * unless it is an identifier.
 */
export class Namer {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** A new identifier that resembles the text. */
  fresh(text: string): string {
    const base = identifierLike(text);
    let name = base;
    for (let n = 2; this.#taken.has(name) || reserved.has(name); n++) name = `${base}_${n}`;
    this.#taken.add(name);
    return name;
  }

  /** A namer for an inner function, which sees all names of this one. */
  inner(): Namer {
    return new Namer(this.#taken);
  }
}

/** Names beyond this length make lines that nobody reads. */
const LONGEST = 60;

const greek: Readonly<Record<string, string>> = {
  α: "alpha",
  β: "beta",
  γ: "gamma",
  δ: "delta",
  ε: "epsilon",
  η: "eta",
  θ: "theta",
  κ: "kappa",
  λ: "lambda_",
  μ: "mu",
  π: "pi",
  ρ: "rho",
  σ: "sigma",
  τ: "tau",
  φ: "phi",
  ψ: "psi",
  ω: "omega",
};

function identifierLike(text: string): string {
  const letters = Array.from(text.slice(0, LONGEST), (letter) => greek[letter] ?? letter).join("");
  const plain = letters.replace(/'/g, "_prime").replace(/[^A-Za-z0-9_]+/g, "_");
  const stripped = plain.replace(/^_+/, "");
  if (stripped === "") return "value";
  return /^[0-9]/.test(stripped) ? `value_${stripped}` : stripped;
}

/** `logSumExp` as Python writes it: `log_sum_exp`. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

/** What an nn.Module has already, and the methods of the exported model. */
export const moduleAttributes: readonly string[] =
  `T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda
double dump_patches eval extra_repr float forward get_buffer get_extra_state get_parameter
get_submodule half ipu load_state_dict modules mtia named_buffers named_children
named_modules named_parameters parameters predict register_backward_hook register_buffer
register_forward_hook register_forward_pre_hook register_full_backward_hook
register_full_backward_pre_hook register_load_state_dict_post_hook
register_load_state_dict_pre_hook register_module register_parameter
register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state
set_submodule share_memory state_dict to to_empty train train_on training type xpu
zero_grad`.split(/\s+/);
