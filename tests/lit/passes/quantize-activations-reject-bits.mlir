// RUN: not vaqf-opt %s -p 'quantize-activations{bits=0}' 2>&1 | filecheck %s --check-prefix NONE
// RUN: not vaqf-opt %s -p 'quantize-activations{bits=17}' 2>&1 | filecheck %s --check-prefix MANY

// NONE: quantize-activations: bits is 0, accepted range is [1, 16]
// MANY: quantize-activations: bits is 17, accepted range is [1, 16]
func.func @forward(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  func.return %x : tensor<4x6xf32>
}
