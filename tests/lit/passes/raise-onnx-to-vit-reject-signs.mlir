// RUN: vaqf-opt %s -p raise-onnx-to-vit --verify-diagnostics --split-input-file | filecheck %s

// The linear layer on the query of a pooling is no arithmetic that an exporter forgot.
// CHECK:      2 nodes cannot become part of a Vision Transformer:
// CHECK-NEXT:   2 x MatMul: it is part of pooling by attention (a learned query), accepted is a class token or the mean of tokens
// CHECK-NEXT:       1x1x4, 4x4 -> 1x1x4 at /q
// CHECK-NEXT:       1x1x4, 1x4x5 -> 1x1x5 at /scores
// CHECK-NEXT: what the graph shows:
// CHECK-NEXT:   pooling by attention, as in SigLIP and global_pool='map' of timm: a learned query attends to all
// CHECK-NEXT:     tokens, at /scores
func.func @map(%x: tensor<1x5x4xf32>) -> tensor<1x1x4xf32> {
  %latent = onnx.initializer @latent : tensor<1x1x4xf32>
  %weight = onnx.initializer @weight : tensor<4x4xf32>
  %q = onnx.MatMul %latent, %weight : tensor<1x1x4xf32>, tensor<4x4xf32> -> tensor<1x1x4xf32> loc("/q")
  %k = onnx.Transpose %x perm = [0, 2, 1] : tensor<1x5x4xf32> -> tensor<1x4x5xf32>
  %scores = onnx.MatMul %q, %k : tensor<1x1x4xf32>, tensor<1x4x5xf32> -> tensor<1x1x5xf32> loc("/scores")
  %p = onnx.Softmax %scores axis = -1 : tensor<1x1x5xf32> -> tensor<1x1x5xf32>
  %y = onnx.MatMul %p, %x : tensor<1x1x5xf32>, tensor<1x5x4xf32> -> tensor<1x1x4xf32>
  func.return %y : tensor<1x1x4xf32>
}

// -----

// A limit on what is divided by is no ReLU.
// CHECK:      3 nodes cannot become part of a Vision Transformer:
// CHECK-NEXT:   1 x ReduceL2: it is part of an L2 norm of queries or keys (cross-covariance or cosine attention)
// CHECK-NEXT:       1x5x4 -> 1x5x1 at /length
// CHECK-NEXT:   1 x Clip: it is part of an L2 norm of queries or keys (cross-covariance or cosine attention)
// CHECK-NEXT:       1x5x1 -> 1x5x1 at /clip
// CHECK-NEXT:   1 x Div: it is part of an L2 norm of queries or keys (cross-covariance or cosine attention)
// CHECK-NEXT:       1x5x4, 1x5x1 -> 1x5x4 at /div
// CHECK-NEXT: what the graph shows:
// CHECK-NEXT:   L2-normalised queries and keys, as in cross-covariance attention (XCiT) and Swin V2: queries and
// CHECK-NEXT:     keys are divided by their length, at /length
// CHECK-NOT:  ReLU
func.func @cosine(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %length = onnx.Opaque "" "ReduceL2" (%x) : (tensor<1x5x4xf32>) -> tensor<1x5x1xf32> loc("/length")
  %clip = onnx.Opaque "" "Clip" (%length) : (tensor<1x5x1xf32>) -> tensor<1x5x1xf32> loc("/clip")
  %q = onnx.Div %x, %clip : tensor<1x5x4xf32>, tensor<1x5x1xf32> -> tensor<1x5x4xf32> loc("/div")
  %k = onnx.Transpose %q perm = [0, 2, 1] : tensor<1x5x4xf32> -> tensor<1x4x5xf32>
  %scores = onnx.MatMul %q, %k : tensor<1x5x4xf32>, tensor<1x4x5xf32> -> tensor<1x5x5xf32> loc("/scores")
  %p = onnx.Softmax %scores axis = -1 : tensor<1x5x5xf32> -> tensor<1x5x5xf32>
  %y = onnx.MatMul %p, %x : tensor<1x5x5xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}
