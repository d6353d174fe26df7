// IR in the form that the tools of upstream MLIR read, and back.

// RUN: vaqf-opt %s -t upstream-mlir | filecheck %s --check-prefix THEIRS
// RUN: vaqf-opt %s -t upstream-mlir | vaqf-opt | filecheck %s --check-prefix OURS
// RUN: vaqf-opt %s -t upstream-mlir --mlir-print-debuginfo | vaqf-opt --mlir-print-debuginfo | filecheck %s --check-prefix LOCATED

// Operands that differ in type are one tuple.
func.func @tokens(%x: tensor<1x6x!quant.int<8, 1.0e-07>> {quant.range = #quant.range<-3.5, 4.0, mean_magnitude = 0.75, root_mean_square = 1.0>}, %y: tensor<3x6x!quant.int<8, 1.0e-07>>) -> tensor<4x6x!quant.int<8, 1.0e-07>> {
  %joined = vit.concatenate %x, %y : tensor<1x6x!quant.int<8, 1.0e-07>>, tensor<3x6x!quant.int<8, 1.0e-07>> -> tensor<4x6x!quant.int<8, 1.0e-07>> loc("/Concat")
  func.return %joined : tensor<4x6x!quant.int<8, 1.0e-07>>
}
// THEIRS:      arg_attrs = [{quant.range = #quant.range<-3.500000e+00 : f64, 4.000000e+00 : f64, 7.500000e-01 : f64, 1.000000e+00 : f64>}, {}]
// THEIRS:      [[TUPLE:%.*]] = "builtin.unrealized_conversion_cast"(%x, %y) : (tensor<1x6x!quant.int<8 : i64, 1.000000e-07 : f64>>, {{.*}} -> tuple<
// THEIRS-NEXT: "vit.concatenate"([[TUPLE]])

// OURS:      func.func @tokens(%x: tensor<1x6x!quant.int<8, 1.0e-07>> {quant.range = #quant.range<-3.5, 4.0, mean_magnitude = 0.75, root_mean_square = 1.0>}
// OURS-NEXT: vit.concatenate %x, %y : tensor<1x6x!quant.int<8, 1.0e-07>>, tensor<3x6x!quant.int<8, 1.0e-07>> -> tensor<4x6x!quant.int<8, 1.0e-07>>
// LOCATED:   vit.concatenate {{.*}} loc("/Concat")

// So are results, and names have small letters.
func.func @graph(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>) -> tensor<2x2xf32> {
  %sizes = onnx.constant dense<[1, 2]> : tensor<2xi64>
  %product = onnx.MatMul %x, %w : tensor<2x3xf32>, tensor<3x4xf32> -> tensor<2x4xf32>
  %a, %b = onnx.Split %x, %sizes axis = 1 : tensor<2x3xf32>, tensor<2xi64> -> tensor<2x1xf32>, tensor<2x2xf32>
  func.return %b : tensor<2x2xf32>
}
// THEIRS:      "onnx.mat_mul"(%x, %w) : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
// THEIRS-NEXT: "onnx.split"(%x, %sizes) {axis = 1 : i64} : {{.*}} -> tuple<tensor<2x1xf32>, tensor<2x2xf32>>

// OURS:      onnx.MatMul
// OURS-NEXT: [[A:%.*]], [[B:%.*]] = onnx.Split %x, %sizes axis = 1 : tensor<2x3xf32>, tensor<2xi64> -> tensor<2x1xf32>, tensor<2x2xf32>
// OURS-NEXT: func.return [[B]]

// Stages that run side by side are the cases of a parallel loop.
func.func @engine() {
  %buffer = accel.buffer {partition = [#accel.partition<dim = 0, factor = 4, "4 tokens">]} : memref<8x8xi8, #accel.local>
  accel.concurrent {
    %one = arith.constant 1 : index
  } {
    %two = arith.constant 2 : index
  }
  func.return
}
// THEIRS:      "accel.buffer"() {partition = [#accel.partition<0 : i64, 4 : i64, "4 tokens">]}
// THEIRS:      "scf.parallel"
// THEIRS:      "scf.index_switch"({{.*}}) <{cases = array<i64: 0, 1>}>
// THEIRS:      {accel.concurrent} : (index, index, index) -> ()

// OURS:      accel.buffer {partition = [#accel.partition<dim = 0, factor = 4, "4 tokens">]}
// OURS-NEXT: accel.concurrent {
// OURS-NEXT:   %one = arith.constant 1 : index
// OURS-NEXT: } {
// OURS-NEXT:   %two = arith.constant 2 : index
// OURS-NEXT: }
// OURS-NEXT: func.return
