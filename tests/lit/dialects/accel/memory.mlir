// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @buffers() {
  %hidden = accel.buffer : memref<197x768xi8, #accel.onchip>
  %residual = accel.buffer {ultra} : memref<197x768xi16, #accel.onchip>
  %sums = accel.buffer {partition = [#accel.partition<dim = 0, factor = 4, "4 tokens are added to in one cycle">, #accel.partition<dim = 1, factor = 0, "64 output lanes are added to in one cycle">]} : memref<200x64xi20, #accel.local>
  func.return
}
// CHECK:       func.func @buffers() {
// CHECK-NEXT:    %hidden = accel.buffer : memref<197x768xi8, #accel.onchip>
// CHECK-NEXT:    %residual = accel.buffer {ultra} : memref<197x768xi16, #accel.onchip>
// CHECK-NEXT:    %sums = accel.buffer {partition = [#accel.partition<dim = 0, factor = 4, "4 tokens are added to in one cycle">, #accel.partition<dim = 1, factor = 0, "64 output lanes are added to in one cycle">]} : memref<200x64xi20, #accel.local>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

func.func @parameters(%signs: tensor<768x192x!quant.binary>, %table: tensor<256x!quant.int<6, 0.5>>, %offsets: tensor<768xi48>) {
  %weight = accel.parameter %signs : tensor<768x192x!quant.binary> -> memref<768x192xi1, #accel.dram>
  %gelu = accel.parameter %table : tensor<256x!quant.int<6, 0.5>> -> memref<256xi6, #accel.dram>
  %offset = accel.parameter %offsets : tensor<768xi48> -> memref<768xi48, #accel.dram>
  %weights = accel.stack %weight, %weight, %weight : memref<768x192xi1, #accel.dram>, memref<768x192xi1, #accel.dram>, memref<768x192xi1, #accel.dram> -> memref<3x768x192xi1, #accel.dram>
  %tiles = accel.tile %weights by [64, 64] : memref<3x768x192xi1, #accel.dram> -> memref<3x36x64x64xi1, #accel.dram>
  %hanging = accel.tile %offset by [100] : memref<768xi48, #accel.dram> -> memref<8x100xi48, #accel.dram>
  func.return
}
// CHECK:       func.func @parameters(%signs: tensor<768x192x!quant.binary>, %table: tensor<256x!quant.int<6, 0.5>>, %offsets: tensor<768xi48>) {
// CHECK-NEXT:    %weight = accel.parameter %signs : tensor<768x192x!quant.binary> -> memref<768x192xi1, #accel.dram>
// CHECK-NEXT:    %gelu = accel.parameter %table : tensor<256x!quant.int<6, 0.5>> -> memref<256xi6, #accel.dram>
// CHECK-NEXT:    %offset = accel.parameter %offsets : tensor<768xi48> -> memref<768xi48, #accel.dram>
// CHECK-NEXT:    %weights = accel.stack %weight, %weight, %weight : memref<768x192xi1, #accel.dram>, memref<768x192xi1, #accel.dram>, memref<768x192xi1, #accel.dram> -> memref<3x768x192xi1, #accel.dram>
// CHECK-NEXT:    %tiles = accel.tile %weights by [64, 64] : memref<3x768x192xi1, #accel.dram> -> memref<3x36x64x64xi1, #accel.dram>
// CHECK-NEXT:    %hanging = accel.tile %offset by [100] : memref<768xi48, #accel.dram> -> memref<8x100xi48, #accel.dram>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

// 3 x 36 tiles of 4,096 bits are 32 words each; 256 elements of 6 bits take 8 bits each.
func.func @words(%tiles: memref<3x36x64x64xi1, #accel.dram>, %gelu: memref<256xi6, #accel.dram>) {
  %memory = accel.pack %tiles, %gelu {unit_ranks = array<i64: 2, 1>} : memref<3x36x64x64xi1, #accel.dram>, memref<256xi6, #accel.dram> -> memref<3472xi128, #accel.dram>
  %weights = accel.view %memory at 0 {unit_rank = 2 : i64} : memref<3472xi128, #accel.dram> -> memref<3x36x64x64xi1, #accel.dram>
  %table = accel.view %memory at 3456 {unit_rank = 1 : i64} : memref<3472xi128, #accel.dram> -> memref<256xi6, #accel.dram>
  func.return
}
// CHECK:       func.func @words(%tiles: memref<3x36x64x64xi1, #accel.dram>, %gelu: memref<256xi6, #accel.dram>) {
// CHECK-NEXT:    %memory = accel.pack %tiles, %gelu {unit_ranks = array<i64: 2, 1>} : memref<3x36x64x64xi1, #accel.dram>, memref<256xi6, #accel.dram> -> memref<3472xi128, #accel.dram>
// CHECK-NEXT:    %weights = accel.view %memory at 0 {unit_rank = 2 : i64} : memref<3472xi128, #accel.dram> -> memref<3x36x64x64xi1, #accel.dram>
// CHECK-NEXT:    %table = accel.view %memory at 3456 {unit_rank = 1 : i64} : memref<3472xi128, #accel.dram> -> memref<256xi6, #accel.dram>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

func.func @layers(%weights: memref<12x36x64x64xi1, #accel.dram>, %layer: index) {
  %weight = accel.select %weights[%layer] : memref<12x36x64x64xi1, #accel.dram> -> memref<36x64x64xi1, #accel.dram>
  %multiplier = accel.layer_constant [94548, -93211][%layer] : i18
  func.return
}
// CHECK:       func.func @layers(%weights: memref<12x36x64x64xi1, #accel.dram>, %layer: index) {
// CHECK-NEXT:    %weight = accel.select %weights[%layer] : memref<12x36x64x64xi1, #accel.dram> -> memref<36x64x64xi1, #accel.dram>
// CHECK-NEXT:    %multiplier = accel.layer_constant [94548, -93211][%layer] : i18
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }
