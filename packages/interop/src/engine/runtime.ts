/** A tensor of ONNX Runtime, as far as it is used. */
export interface RuntimeTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** A session of ONNX Runtime. */
export interface RuntimeSession {
  readonly inputNames: readonly string[];
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    fetches: Readonly<Record<string, RuntimeTensor>>,
  ): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

/**
 * The module of ONNX Runtime: `onnxruntime-node`, or `onnxruntime-web` in a page.
 *
 * Source: https://onnxruntime.ai/docs/api/js/
 */
export interface OnnxRuntimeModule {
  readonly Tensor: new (type: string, data: never, dims: readonly number[]) => RuntimeTensor;
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<unknown>;
  };
}
