// RUN: vaqf-opt %s -p lower-vit-to-accel --print-debuginfo | filecheck %s

// Rows that are averaged stay where they are.
func.func @forward(%image: tensor<1x1x4x4x!quant.int<8, 0.5>> {vaqf.name = "image"}) -> (tensor<1x4x!quant.int<16, 0.25>> {vaqf.name = "features"}) {
  %pixels = vit.reshape %image : tensor<1x1x4x4x!quant.int<8, 0.5>> -> tensor<1x4x4x!quant.int<8, 0.5>>
  %patches = quant.extract_patches %pixels {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x4x4x!quant.int<8, 0.5>> -> tensor<4x4x!quant.int<8, 0.5>>
  %rows = vit.slice %patches from 1 : tensor<4x4x!quant.int<8, 0.5>> -> tensor<3x4x!quant.int<8, 0.5>>
  %mean = quant.mean_tokens %rows {multiplier = 87381 : i64, shift = 17 : i64} : tensor<3x4x!quant.int<8, 0.5>> -> tensor<1x4x!quant.int<16, 0.25>> loc("/ReduceMean")
  func.return %mean : tensor<1x4x!quant.int<16, 0.25>>
}
// CHECK:       func.func @forward(
// CHECK:         %patches = accel.buffer : memref<4x4xi8, #accel.onchip>
// CHECK:         %features_1 = accel.buffer : memref<1x4xi16, #accel.onchip> loc("/ReduceMean")
// CHECK:         accel.extract_patches %image to %patches
// CHECK-NEXT:    accel.mean_tokens %patches at %c1 to %features_1 sizes(%c3, %c4) {multiplier = 87381 : i64, shift = 17 : i64} : memref<4x4xi8, #accel.onchip>, memref<1x4xi16, #accel.onchip> loc("/ReduceMean")
// CHECK-NEXT:    accel.checkpoint "features"[%c0], %features_1 {trace_only}
// CHECK-NEXT:    accel.store_matrix %features_1 to %features
