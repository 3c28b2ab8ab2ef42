import { spawnSync } from "node:child_process";
import { add, type Expr, mul, Program, tanh, variable } from "@chainrule/core";
import { toTorch } from "@chainrule/interop/torch";
import { dense, gradientDescent, layer, mse, named, sequential, trainer } from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { stringText } from "../../../packages/interop/src/torch/literals.ts";
import { moduleAttributes, Namer, snakeCase } from "../../../packages/interop/src/torch/names.ts";
import { hostileNames } from "../../render/hostileNames.ts";
import { describeWith } from "../../support/requireTool.ts";

const injections = [
  ...hostileNames,
  'x"""\nimport os\nos.abort()\n"""',
  "x'); os.abort() #",
  "x\n    os.abort()",
  "x\r\nos.abort()",
  "x\u2028os.abort()",
  '"; os.abort(); "',
  "\\",
  '\\"""',
  "lambda",
  "torch",
  "self",
  "parameters",
  "training",
  "__class__",
  "import",
  "ℝ",
  "😀",
  "𝑥",
];

/** Asks Python whether a text is a module, and what it would call or import. */
const inspector = `
import ast, json, sys
found = []
for text in json.load(sys.stdin):
    tree = ast.parse(text)
    aborts = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "abort"]
    literals = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    found.append({"aborts": len(aborts), "literals": literals})
json.dump(found, sys.stdout)
`;

interface Found {
  readonly aborts: number;
  readonly literals: readonly string[];
}

function inspect(texts: readonly string[]): readonly Found[] {
  const { stdout, stderr, status } = spawnSync("python3", ["-c", inspector], {
    input: JSON.stringify(texts),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`python must read the modules, got ${stderr}`);
  return JSON.parse(stdout) as readonly Found[];
}

describe("identifiers", () => {
  it("are valid, and no two texts have one", () => {
    const namer = new Namer(moduleAttributes);
    const all = [...injections, ...injections, "a", "a_2", "a", "w1'", "w1_prime"].map((text) =>
      namer.fresh(text),
    );
    for (const name of all) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
    expect(new Set(all).size).toBe(all.length);
    for (const taken of ["self", "torch", "lambda", "parameters"]) expect(all).not.toContain(taken);
  });

  it("keep what can be kept", () => {
    const namer = new Namer();
    expect(namer.fresh("w_1")).toBe("w_1");
    expect(namer.fresh("σ")).toBe("sigma");
    expect(namer.fresh("w5'")).toBe("w5_prime");
    expect(namer.fresh("encoder.dense2.weight")).toBe("encoder_dense2_weight");
    expect(snakeCase("logSumExp")).toBe("log_sum_exp");
  });

  it("strings are ASCII", () => {
    expect(stringText('a"\n😀é')).toBe('"a\\"\\n\\U0001f600\\u00e9"');
  });
});

describeWith("python3", "hostile names in Python", () => {
  it("name things in programs, and never run", () => {
    const texts = injections.map((name) => {
      const x: Expr = variable(name, ["batch", 2]);
      const y = variable("y", []);
      const made = tanh(mul(x, y));
      return toTorch(
        new Program({
          definitions: { [name]: made, last: add(made, 1) },
          scopes: new Map([[made, [name, "inner"]]]),
        }),
        { title: name },
      );
    });
    for (const [i, { aborts, literals }] of inspect(texts).entries()) {
      expect(aborts).toBe(0);
      expect(literals).toContain(injections[i]);
    }
  });

  it("name layers of models, and never run", () => {
    const paths: string[][] = [];
    // Layers have names of letters, digits, - and _; inputs any.
    const layers = ["lambda", "torch", "self", "parameters", "training", "a-b", "a_b", "forward"];
    const texts = injections.map((name, i) => {
      const first = named(layers[i % layers.length] as string, dense(2));
      const model = layer("Picked", (flow: Readonly<Record<string, Expr>>, scope) =>
        scope.use(sequential(first, dense(1)))(flow[name] as Expr),
      );
      const t = trainer(model, {
        input: { [name]: ["batch", 2] },
        loss: mse,
        optimizer: gradientDescent({ rate: 0.1 }),
        seed: 1,
      });
      paths.push([...t.parameters, name]);
      return toTorch(t as never, { title: name });
    });
    for (const [i, { aborts, literals }] of inspect(texts).entries()) {
      expect(aborts).toBe(0);
      for (const path of paths[i] ?? []) expect(literals).toContain(path);
    }
  });
});
