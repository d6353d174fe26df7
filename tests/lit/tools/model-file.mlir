// RUN: mkdir -p %t
// RUN: cp %models/families/timm_patch8.legacy17.onnx %t/model.onnx
// RUN: vaqf-opt %t/model.onnx -p %to_vit | sed -e 's|file = "[^"]*"|file = "model.onnx"|' > %t/vit.mlir

// A relative path is looked up beside the IR.
// RUN: vaqf-opt %t/vit.mlir -p calibrate-activations{samples=1} | filecheck %s
// CHECK: vaqf.model = {file = "model.onnx"
// CHECK: #quant.range

// RUN: mv %t/model.onnx %t/moved.onnx
// RUN: not vaqf-opt %t/vit.mlir -p calibrate-activations 2>&1 | filecheck %s --check-prefix MOVED
// MOVED: vaqf-opt: error: calibrate-activations: the model file is not there: looked for '{{.*}}model.onnx' and 'model.onnx'; --model names another

// RUN: vaqf-opt %t/vit.mlir -p calibrate-activations{samples=1} --model %t/moved.onnx | filecheck %s

// RUN: not vaqf-opt %t/vit.mlir -p calibrate-activations --model %models/families/timm_patch8.dynamo18.onnx 2>&1 | filecheck %s --check-prefix OTHER
// OTHER: timm_patch8.dynamo18.onnx: is not the model that the IR was made from, expected SHA-256 {{[0-9a-f]+}}, got {{[0-9a-f]+}}

// It is needed for weights only: what does not look at them prints, verifies and rewrites without it.
// RUN: vaqf-opt %t/vit.mlir -p binarize-weights,quantize-weights,hoist-rounding | filecheck %s --check-prefix WITHOUT
// WITHOUT: quant.binarize

// RUN: not vaqf run %t/vit.mlir --input %models/../../examples/mnist/digits.npz 2>&1 | filecheck %s --check-prefix GONE
// RUN: not vaqf run %t/vit.mlir --input %models/../../examples/mnist/digits.npz --model %models/families/timm_patch8.dynamo18.onnx 2>&1 | filecheck %s --check-prefix OTHER
// GONE: vaqf: error: the model file is not there
