// RUN: vaqf-opt %s -p sink-dequantize | filecheck %s
// RUN: vaqf-opt %s -p sink-dequantize --print-debuginfo | filecheck %s --check-prefix LOCATION

// All that moves values is passed, one after the other; what was real in between is gone.
func.func @forward(%x: tensor<1x4x6x!quant.int<8, 0.5>>) -> tensor<1x6xf32> {
  %real = quant.dequantize %x : tensor<1x4x6x!quant.int<8, 0.5>> -> tensor<1x4x6xf32>
  %tokens = vit.reshape %real {note = "kept"} : tensor<1x4x6xf32> -> tensor<4x6xf32> loc("/Reshape")
  %rows = vit.slice %tokens from 1 : tensor<4x6xf32> -> tensor<2x6xf32>
  %columns = vit.transpose %rows by [1, 0] : tensor<2x6xf32> -> tensor<6x2xf32>
  %again = vit.transpose %columns by [1, 0] : tensor<6x2xf32> -> tensor<2x6xf32>
  %both = vit.concatenate %again, %rows : tensor<2x6xf32>, tensor<2x6xf32> -> tensor<4x6xf32>
  %token = vit.select_token %both[3] : tensor<4x6xf32> -> tensor<1x6xf32>
  func.return %token : tensor<1x6xf32>
}
// CHECK:       func.func @forward
// CHECK-NEXT:    %tokens = vit.reshape %x {note = "kept"} : tensor<1x4x6x!quant.int<8, 0.5>> -> tensor<4x6x!quant.int<8, 0.5>>
// CHECK-NEXT:    %rows = vit.slice %tokens from 1 : tensor<4x6x!quant.int<8, 0.5>> -> tensor<2x6x!quant.int<8, 0.5>>
// CHECK-NEXT:    %columns = vit.transpose %rows by [1, 0]
// CHECK-NEXT:    %again = vit.transpose %columns by [1, 0]
// CHECK-NEXT:    %both = vit.concatenate %again, %rows
// CHECK-NEXT:    %token = vit.select_token %both[3]
// CHECK-NEXT:    %token_rounded = quant.dequantize %token : tensor<1x6x!quant.int<8, 0.5>> -> tensor<1x6xf32>
// CHECK-NEXT:    func.return %token_rounded : tensor<1x6xf32>
// LOCATION:      vit.reshape {{.*}} loc("/Reshape")

// The patches of an image keep its format.
func.func @patches(%x: tensor<3x4x4x!quant.int<8, 0.5>>) -> tensor<4x12xf32> {
  %image = quant.dequantize %x : tensor<3x4x4x!quant.int<8, 0.5>> -> tensor<3x4x4xf32>
  %patches = vit.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_last"} : tensor<3x4x4xf32> -> tensor<4x12xf32> loc("/Rearrange")
  func.return %patches : tensor<4x12xf32>
}
// CHECK:       func.func @patches
// CHECK-NEXT:    %patches = quant.extract_patches %x {patch = array<i64: 2, 2>, order = "colours_last"} : tensor<3x4x4x!quant.int<8, 0.5>> -> tensor<4x12x!quant.int<8, 0.5>>
// CHECK-NEXT:    %patches_rounded = quant.dequantize %patches
// CHECK-NEXT:    func.return %patches_rounded : tensor<4x12xf32>
// LOCATION:      quant.extract_patches {{.*}} loc("/Rearrange")

// Real values are moved as before, and ops that compute get them as before.
func.func @left_alone(%x: tensor<4x6x!quant.int<8, 0.5>>, %y: tensor<1x4x6xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>) {
  %real = quant.dequantize %x : tensor<4x6x!quant.int<8, 0.5>> -> tensor<4x6xf32>
  %gelu = vit.gelu %real : tensor<4x6xf32> -> tensor<4x6xf32>
  %tokens = vit.reshape %y : tensor<1x4x6xf32> -> tensor<4x6xf32>
  func.return %gelu, %tokens : tensor<4x6xf32>, tensor<4x6xf32>
}
// CHECK:       func.func @left_alone
// CHECK-NEXT:    %real = quant.dequantize %x
// CHECK-NEXT:    %gelu = vit.gelu %real
// CHECK-NEXT:    %tokens = vit.reshape %y : tensor<1x4x6xf32> -> tensor<4x6xf32>
