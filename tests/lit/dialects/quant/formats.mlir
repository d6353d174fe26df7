// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @formats(%signed: tensor<197x192x!quant.int<8, 0.03125>>, %bit: tensor<4x!quant.int<1, 1.5e-05>>, %unsigned: tensor<3x4x!quant.uint<16, 1.52587890625e-05>>, %binary: tensor<4x4x!quant.binary>) {
  func.return
}
// CHECK:       func.func @formats(%signed: tensor<197x192x!quant.int<8, 0.03125>>, %bit: tensor<4x!quant.int<1, 1.5e-05>>, %unsigned: tensor<3x4x!quant.uint<16, 1.52587890625e-05>>, %binary: tensor<4x4x!quant.binary>) {

// What calibration saw of an argument.
func.func @ranges(%image: tensor<4xf32> {quant.range = #quant.range<-3.5, 4.25, mean_magnitude = 0.75, root_mean_square = 1.0>}) {
  func.return
}
// CHECK:       func.func @ranges(%image: tensor<4xf32> {quant.range = #quant.range<-3.5, 4.25, mean_magnitude = 0.75, root_mean_square = 1.0>}) {

// A scale survives to the last bit.
func.func @exact(%x: tensor<4x!quant.int<8, 0.1>>, %y: tensor<4x!quant.int<8, 0.10000000000000002>>) {
  func.return
}
// CHECK:       func.func @exact(%x: tensor<4x!quant.int<8, 0.1>>, %y: tensor<4x!quant.int<8, 0.10000000000000002>>) {

// However small it is.
func.func @small(%x: tensor<4x!quant.int<8, 1.0e-07>>) {
  func.return
}
// CHECK:       func.func @small(%x: tensor<4x!quant.int<8, 1.0e-07>>) {
