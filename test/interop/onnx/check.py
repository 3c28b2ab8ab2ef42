"""Checks models by ONNX itself: structure, and the types and shapes that it infers. One line a model that fails."""

import json
import sys

import onnx
import onnx.checker
import onnx.shape_inference

for path in json.load(sys.stdin):
    try:
        onnx.checker.check_model(path, full_check=False)
        model = onnx.load(path)
        # ONNX 1.12 stops at the second call of a function when it follows values of shapes.
        follow = len(model.functions) == 0
        inferred = onnx.shape_inference.infer_shapes(
            model, check_type=True, strict_mode=True, data_prop=follow
        )
        untyped = [
            output.name
            for node in inferred.graph.node
            for output in inferred.graph.output
            if not output.type.tensor_type.elem_type
        ]
        if untyped:
            raise ValueError(f"no type for {untyped}")
    except Exception as error:
        print(json.dumps({"path": path, "error": str(error)}))
