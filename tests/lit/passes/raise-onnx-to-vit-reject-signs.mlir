// RUN: vaqf-opt %s -p raise-onnx-to-vit --verify-diagnostics --split-input-file

// The linear layer on the query of a pooling is no arithmetic that an exporter forgot.
// expected-error@unknown {{pooling by attention, as in SigLIP and global_pool='map' of timm: a learned query attends to all}}
func.func @map(%x: tensor<1x5x4xf32>) -> tensor<1x1x4xf32> {
  %latent = onnx.initializer @latent : tensor<1x1x4xf32>
  %weight = onnx.initializer @weight : tensor<4x4xf32>
  // expected-error@unknown {{MatMul at /q: it is part of pooling by attention (a learned query), accepted is a class token or the mean of tokens (1x1x4, 4x4 -> 1x1x4)}}
  %q = onnx.MatMul %latent, %weight : tensor<1x1x4xf32>, tensor<4x4xf32> -> tensor<1x1x4xf32> loc("/q")
  %k = onnx.Transpose %x perm = [0, 2, 1] : tensor<1x5x4xf32> -> tensor<1x4x5xf32>
  // expected-error@unknown {{MatMul at /scores: it is part of pooling by attention (a learned query), accepted is a class token or the mean of tokens (1x1x4, 1x4x5 -> 1x1x5)}}
  %scores = onnx.MatMul %q, %k : tensor<1x1x4xf32>, tensor<1x4x5xf32> -> tensor<1x1x5xf32> loc("/scores")
  %p = onnx.Softmax %scores axis = -1 : tensor<1x1x5xf32> -> tensor<1x1x5xf32>
  %y = onnx.MatMul %p, %x : tensor<1x1x5xf32>, tensor<1x5x4xf32> -> tensor<1x1x4xf32>
  func.return %y : tensor<1x1x4xf32>
}

// -----

// A limit on what is divided by is no ReLU.
// expected-error@unknown {{L2-normalised queries and keys, as in cross-covariance attention (XCiT) and Swin V2: queries and}}
func.func @cosine(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  // expected-error@unknown {{ReduceL2 at /length: it is part of an L2 norm of queries or keys (cross-covariance or cosine attention) (1x5x4 -> 1x5x1)}}
  %length = onnx.Opaque "" "ReduceL2" (%x) : (tensor<1x5x4xf32>) -> tensor<1x5x1xf32> loc("/length")
  // expected-error@unknown {{Clip at /clip: it is part of an L2 norm of queries or keys (cross-covariance or cosine attention) (1x5x1 -> 1x5x1)}}
  %clip = onnx.Opaque "" "Clip" (%length) : (tensor<1x5x1xf32>) -> tensor<1x5x1xf32> loc("/clip")
  // expected-error@unknown {{Div at /div: it is part of an L2 norm of queries or keys (cross-covariance or cosine attention) (1x5x4, 1x5x1 -> 1x5x4)}}
  %q = onnx.Div %x, %clip : tensor<1x5x4xf32>, tensor<1x5x1xf32> -> tensor<1x5x4xf32> loc("/div")
  %k = onnx.Transpose %q perm = [0, 2, 1] : tensor<1x5x4xf32> -> tensor<1x4x5xf32>
  %scores = onnx.MatMul %q, %k : tensor<1x5x4xf32>, tensor<1x4x5xf32> -> tensor<1x5x5xf32> loc("/scores")
  %p = onnx.Softmax %scores axis = -1 : tensor<1x5x5xf32> -> tensor<1x5x5xf32>
  %y = onnx.MatMul %p, %x : tensor<1x5x5xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}
