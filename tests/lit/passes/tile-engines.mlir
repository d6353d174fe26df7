// RUN: vaqf-opt %s -p 'tile-engines{lanes=4 binary-matmul=4,2,2 integer-matmul=8,4,1 keys=2}' --split-input-file | filecheck %s

// 3 output channels in tiles of 8, 4 input channels in tiles of 4: one weight tile. Weights, multipliers and
// offsets are tiled where they are prepared; a load reads one tile. No lane hangs over the input channels, so
// there is no limit.
func.func @parameters() -> (memref<3x4xi8, #accel.dram>, memref<3xi18, #accel.dram>, memref<3xi48, #accel.dram>) {
  %head_real = vit.parameter @head.weight : tensor<3x4xf32>
  %head_weight, %head_scale = quant.quantize_weight %head_real : tensor<3x4xf32> -> tensor<3x4xi8>, tensor<3xf32>
  %head_weight_1 = accel.parameter %head_weight : tensor<3x4xi8> -> memref<3x4xi8, #accel.dram>
  %head_multiplier, %head_offset = quant.requantize_parameters %head_scale {input_scale = 5.000000e-01 : f64, output = !quant.int<16, 0.25>, shift = 16 : i64} : tensor<3xf32> -> tensor<3xi18>, tensor<3xi48>
  %head_multiplier_1 = accel.parameter %head_multiplier : tensor<3xi18> -> memref<3xi18, #accel.dram>
  %head_offset_1 = accel.parameter %head_offset : tensor<3xi48> -> memref<3xi48, #accel.dram>
  func.return %head_weight_1, %head_multiplier_1, %head_offset_1 : memref<3x4xi8, #accel.dram>, memref<3xi18, #accel.dram>, memref<3xi48, #accel.dram>
}
func.func private @extract_patches(%image: memref<1x2x4xi8, #accel.dram>, %patches: memref<2x4xi8, #accel.onchip>) attributes {accel.engine = "extract_patches"} {
  accel.extract_patches %image to %patches {patch = array<i64: 2, 2>, order = "colours_first"} : memref<1x2x4xi8, #accel.dram>, memref<2x4xi8, #accel.onchip>
  func.return
}
func.func private @store_matrix(%matrix: memref<2x3xi16, #accel.onchip>, %destination: memref<2x3xi16, #accel.dram>) attributes {accel.engine = "store_matrix"} {
  accel.store_matrix %matrix to %destination : memref<2x3xi16, #accel.onchip>, memref<2x3xi16, #accel.dram>
  func.return
}
func.func private @integer_matmul(%activation: memref<2x4xi8, #accel.onchip>, %weight: memref<3x4xi8, #accel.dram>, %multiplier: memref<3xi18, #accel.dram>, %offset: memref<3xi48, #accel.dram>, %result: memref<2x3xi16, #accel.onchip>) attributes {accel.engine = "integer_matmul"} {
  %first = arith.constant 0 : index
  %tokens = arith.constant 2 : index
  %inputs = arith.constant 4 : index
  %outputs = arith.constant 3 : index
  accel.linear %activation, %weight, %multiplier, %offset to %result at %first sizes(%tokens, %inputs, %outputs) {epilogues = ["store"], shifts = array<i64: 16>} : memref<2x4xi8, #accel.onchip>, memref<3x4xi8, #accel.dram>, memref<3xi18, #accel.dram>, memref<3xi48, #accel.dram> to memref<2x3xi16, #accel.onchip>
  func.return
}
func.func @forward(%pixels: memref<1x2x4xi8, #accel.dram> {vaqf.name = "pixels", accel.port = "input", accel.format = !quant.int<8, 0.5>}, %logits: memref<2x3xi16, #accel.dram> {vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<16, 0.25>}, %head_weight: memref<3x4xi8, #accel.dram> {accel.port = "parameter"}, %head_multiplier: memref<3xi18, #accel.dram> {accel.port = "parameter"}, %head_offset: memref<3xi48, #accel.dram> {accel.port = "parameter"}) {
  %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
  %logits_1 = accel.buffer : memref<2x3xi16, #accel.onchip>
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %c3 = arith.constant 3 : index
  func.call @extract_patches(%pixels, %patches) : (memref<1x2x4xi8, #accel.dram>, memref<2x4xi8, #accel.onchip>) -> ()
  func.call @integer_matmul(%patches, %head_weight, %head_multiplier, %head_offset, %logits_1) : (memref<2x4xi8, #accel.onchip>, memref<3x4xi8, #accel.dram>, memref<3xi18, #accel.dram>, memref<3xi48, #accel.dram>, memref<2x3xi16, #accel.onchip>) -> ()
  func.call @store_matrix(%logits_1, %logits) : (memref<2x3xi16, #accel.onchip>, memref<2x3xi16, #accel.dram>) -> ()
  func.return
}
// CHECK:       func.func @parameters
// CHECK:         %head_weight_2 = accel.tile %head_weight_1 by [8, 4] : memref<3x4xi8, #accel.dram> -> memref<1x8x4xi8, #accel.dram>
// CHECK-NEXT:    %head_multiplier_2 = accel.tile %head_multiplier_1 by [8] : memref<3xi18, #accel.dram> -> memref<1x8xi18, #accel.dram>
// CHECK-NEXT:    %head_offset_2 = accel.tile %head_offset_1 by [8] : memref<3xi48, #accel.dram> -> memref<1x8xi48, #accel.dram>
// CHECK:       func.func private @extract_patches(%image: memref<1x2x4xi8, #accel.dram>, %patches: memref<2x4xi8, #accel.onchip>) attributes {accel.engine = "extract_patches"} {
// CHECK-NEXT:    %pixels = accel.buffer : memref<1x2x4xi8, #accel.local>
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    accel.load %image[] to %pixels
// CHECK-NEXT:    scf.for %pixel = %c0 to %c4 step %c4 {
// CHECK-NEXT:      scf.for %patch = %c0 to %c2 step %c1 {
// CHECK-NEXT:        accel.gather_patch %pixels to %patches[%patch, %pixel] {lanes = 4 : i64, patch = array<i64: 2, 2>, order = "colours_first"}
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return
// CHECK:       func.func private @store_matrix(%matrix: memref<2x3xi16, #accel.onchip>, %destination: memref<2x3xi16, #accel.dram>) attributes {accel.engine = "store_matrix"} {
// CHECK-NEXT:    accel.store_matrix %matrix to %destination
// CHECK-NEXT:    func.return
// CHECK:       func.func private @integer_matmul(%activation: memref<2x4xi8, #accel.onchip>, %weight: memref<1x8x4xi8, #accel.dram>, %multiplier: memref<1x8xi18, #accel.dram>, %offset: memref<1x8xi48, #accel.dram>, %result: memref<2x3xi16, #accel.onchip>) attributes {accel.engine = "integer_matmul"} {
// CHECK-NEXT:    %tokens = arith.constant 2 : index
// CHECK-NEXT:    %inputs = arith.constant 4 : index
// CHECK-NEXT:    %outputs = arith.constant 3 : index
// CHECK-NEXT:    %weights = accel.buffer : memref<8x4xi8, #accel.local>
// CHECK-NEXT:    %sums = accel.buffer : memref<2x8xi17, #accel.local>
// CHECK-NEXT:    %multipliers = accel.buffer : memref<8xi18, #accel.local>
// CHECK-NEXT:    %offsets = accel.buffer : memref<8xi48, #accel.local>
// CHECK-NEXT:    %scaled = accel.buffer : memref<8xi49, #accel.local>
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c8 = arith.constant 8 : index
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %input_tiles = arith.ceildivui %inputs, %c4 : index
// CHECK-NEXT:    scf.for %output = %c0 to %outputs step %c8 {
// CHECK-NEXT:      %output_tile = arith.divui %output, %c8 : index
// CHECK-NEXT:      accel.load %multiplier[%output_tile] to %multipliers
// CHECK-NEXT:      accel.load %offset[%output_tile] to %offsets
// CHECK-NEXT:      %first_weights = arith.muli %output_tile, %input_tiles : index
// CHECK-NEXT:      scf.for %input = %c0 to %inputs step %c4 {
// CHECK-NEXT:        %input_tile = arith.divui %input, %c4 : index
// CHECK-NEXT:        %weight_tile = arith.addi %first_weights, %input_tile : index
// CHECK-NEXT:        accel.load %weight[%weight_tile] to %weights
// CHECK-NEXT:        %is_first = arith.cmpi eq, %input, %c0 : index
// CHECK-NEXT:        scf.for %token = %c0 to %tokens step %c1 {
// CHECK-NEXT:          accel.accumulate %activation at %token, %input weights %weights to %sums restart %is_first {tokens = 1 : i64} : memref<2x4xi8, #accel.onchip>, memref<8x4xi8, #accel.local>, memref<2x8xi17, #accel.local>
// CHECK-NEXT:        }
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.for %token_1 = %c0 to %tokens step %c1 {
// CHECK-NEXT:        accel.scale %sums[%token_1], %multipliers, %offsets to %scaled
// CHECK-NEXT:        accel.store_rounded %scaled to %result[%token_1, %output] {shift = 16 : i64}
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return
// CHECK:       func.func @forward
// CHECK:         func.call @extract_patches(%pixels, %patches)
// CHECK-NEXT:    func.call @integer_matmul(%patches, %head_weight, %head_multiplier, %head_offset, %logits_1)
// CHECK-NEXT:    func.call @store_matrix(%logits_1, %logits)

// -----

// Two layers and their epilogues: each call selects one, and reads the table only for GELU. The 5 input channels
// of the second layer are no multiple of 2: the lane that hangs over does not count.
func.func @parameters() -> (memref<5x4xi1, #accel.dram>, memref<5xi18, #accel.dram>, memref<5xi48, #accel.dram>, memref<256xi8, #accel.dram>, memref<4x5xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %fc1_real = vit.parameter @fc1.weight : tensor<5x4xf32>
  %fc1_weight, %fc1_scale = quant.binarize %fc1_real : tensor<5x4xf32> -> tensor<5x4x!quant.binary>, tensor<5xf32>
  %fc1_weight_1 = accel.parameter %fc1_weight : tensor<5x4x!quant.binary> -> memref<5x4xi1, #accel.dram>
  %fc1_multiplier, %fc1_offset = quant.requantize_parameters %fc1_scale {input_scale = 5.000000e-01 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<5xf32> -> tensor<5xi18>, tensor<5xi48>
  %fc1_multiplier_1 = accel.parameter %fc1_multiplier : tensor<5xi18> -> memref<5xi18, #accel.dram>
  %fc1_offset_1 = accel.parameter %fc1_offset : tensor<5xi48> -> memref<5xi48, #accel.dram>
  %table = quant.gelu_table {input = !quant.int<8, 0.5>, output = !quant.int<8, 0.5>} : tensor<256xi8>
  %fc1_gelu = accel.parameter %table : tensor<256xi8> -> memref<256xi8, #accel.dram>
  %fc2_real = vit.parameter @fc2.weight : tensor<4x5xf32>
  %fc2_weight, %fc2_scale = quant.binarize %fc2_real : tensor<4x5xf32> -> tensor<4x5x!quant.binary>, tensor<4xf32>
  %fc2_weight_1 = accel.parameter %fc2_weight : tensor<4x5x!quant.binary> -> memref<4x5xi1, #accel.dram>
  %fc2_multiplier, %fc2_offset = quant.requantize_parameters %fc2_scale {input_scale = 5.000000e-01 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %fc2_multiplier_1 = accel.parameter %fc2_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %fc2_offset_1 = accel.parameter %fc2_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %fc1_weight_1, %fc1_multiplier_1, %fc1_offset_1, %fc1_gelu, %fc2_weight_1, %fc2_multiplier_1, %fc2_offset_1 : memref<5x4xi1, #accel.dram>, memref<5xi18, #accel.dram>, memref<5xi48, #accel.dram>, memref<256xi8, #accel.dram>, memref<4x5xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func private @extract_patches(%image: memref<1x2x4xi8, #accel.dram>, %patches: memref<2x4xi8, #accel.onchip>) attributes {accel.engine = "extract_patches"} {
  accel.extract_patches %image to %patches {patch = array<i64: 2, 2>, order = "colours_first"} : memref<1x2x4xi8, #accel.dram>, memref<2x4xi8, #accel.onchip>
  func.return
}
func.func private @store_matrix(%matrix: memref<2x4xi8, #accel.onchip>, %destination: memref<2x4xi8, #accel.dram>) attributes {accel.engine = "store_matrix"} {
  accel.store_matrix %matrix to %destination : memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.dram>
  func.return
}
func.func private @binary_matmul(%activation: memref<2x?xi8, #accel.onchip>, %weight: memref<?x?xi1, #accel.dram>, %multiplier: memref<?xi18, #accel.dram>, %offset: memref<?xi48, #accel.dram>, %table: memref<256xi8, #accel.dram>, %result: memref<2x?xi8, #accel.onchip>, %inputs: index, %outputs: index, %epilogue: index) attributes {accel.engine = "binary_matmul"} {
  %first = arith.constant 0 : index
  %tokens = arith.constant 2 : index
  accel.linear %activation, %weight, %multiplier, %offset table %table to %result, %result at %first sizes(%tokens, %inputs, %outputs) epilogue %epilogue {epilogues = ["gelu", "store"], shifts = array<i64: 20, 20>} : memref<2x?xi8, #accel.onchip>, memref<?x?xi1, #accel.dram>, memref<?xi18, #accel.dram>, memref<?xi48, #accel.dram> table memref<256xi8, #accel.dram> to memref<2x?xi8, #accel.onchip>, memref<2x?xi8, #accel.onchip>
  func.return
}
func.func @forward(%pixels: memref<1x2x4xi8, #accel.dram> {vaqf.name = "pixels", accel.port = "input", accel.format = !quant.int<8, 0.5>}, %logits: memref<2x4xi8, #accel.dram> {vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<8, 0.5>}, %fc1_weight: memref<5x4xi1, #accel.dram> {accel.port = "parameter"}, %fc1_multiplier: memref<5xi18, #accel.dram> {accel.port = "parameter"}, %fc1_offset: memref<5xi48, #accel.dram> {accel.port = "parameter"}, %fc1_gelu: memref<256xi8, #accel.dram> {accel.port = "parameter"}, %fc2_weight: memref<4x5xi1, #accel.dram> {accel.port = "parameter"}, %fc2_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %fc2_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
  %hidden = accel.buffer : memref<2x5xi8, #accel.onchip>
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %c0_1 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %patches_1 = "memref.cast"(%patches) : (memref<2x4xi8, #accel.onchip>) -> memref<2x?xi8, #accel.onchip>
  %fc1_weight_1 = "memref.cast"(%fc1_weight) : (memref<5x4xi1, #accel.dram>) -> memref<?x?xi1, #accel.dram>
  %fc1_multiplier_1 = "memref.cast"(%fc1_multiplier) : (memref<5xi18, #accel.dram>) -> memref<?xi18, #accel.dram>
  %fc1_offset_1 = "memref.cast"(%fc1_offset) : (memref<5xi48, #accel.dram>) -> memref<?xi48, #accel.dram>
  %hidden_1 = "memref.cast"(%hidden) : (memref<2x5xi8, #accel.onchip>) -> memref<2x?xi8, #accel.onchip>
  %fc2_weight_1 = "memref.cast"(%fc2_weight) : (memref<4x5xi1, #accel.dram>) -> memref<?x?xi1, #accel.dram>
  %fc2_multiplier_1 = "memref.cast"(%fc2_multiplier) : (memref<4xi18, #accel.dram>) -> memref<?xi18, #accel.dram>
  %fc2_offset_1 = "memref.cast"(%fc2_offset) : (memref<4xi48, #accel.dram>) -> memref<?xi48, #accel.dram>
  func.call @extract_patches(%pixels, %patches) : (memref<1x2x4xi8, #accel.dram>, memref<2x4xi8, #accel.onchip>) -> ()
  func.call @binary_matmul(%patches_1, %fc1_weight_1, %fc1_multiplier_1, %fc1_offset_1, %fc1_gelu, %hidden_1, %c4, %c5, %c0_1) : (memref<2x?xi8, #accel.onchip>, memref<?x?xi1, #accel.dram>, memref<?xi18, #accel.dram>, memref<?xi48, #accel.dram>, memref<256xi8, #accel.dram>, memref<2x?xi8, #accel.onchip>, index, index, index) -> ()
  func.call @binary_matmul(%hidden_1, %fc2_weight_1, %fc2_multiplier_1, %fc2_offset_1, %fc1_gelu, %patches_1, %c5, %c4, %c1) : (memref<2x?xi8, #accel.onchip>, memref<?x?xi1, #accel.dram>, memref<?xi18, #accel.dram>, memref<?xi48, #accel.dram>, memref<256xi8, #accel.dram>, memref<2x?xi8, #accel.onchip>, index, index, index) -> ()
  func.call @store_matrix(%patches, %logits) : (memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.dram>) -> ()
  func.return
}
// CHECK:       func.func @parameters
// CHECK:         %fc1_weight_2 = accel.tile %fc1_weight_1 by [4, 2] : memref<5x4xi1, #accel.dram> -> memref<4x4x2xi1, #accel.dram>
// CHECK-NEXT:    %fc2_weight_2 = accel.tile %fc2_weight_1 by [4, 2] : memref<4x5xi1, #accel.dram> -> memref<3x4x2xi1, #accel.dram>
// CHECK-NEXT:    %fc1_multiplier_2 = accel.tile %fc1_multiplier_1 by [4] : memref<5xi18, #accel.dram> -> memref<2x4xi18, #accel.dram>
// CHECK-NEXT:    %fc2_multiplier_2 = accel.tile %fc2_multiplier_1 by [4] : memref<4xi18, #accel.dram> -> memref<1x4xi18, #accel.dram>
// CHECK-NEXT:    %fc1_offset_2 = accel.tile %fc1_offset_1 by [4] : memref<5xi48, #accel.dram> -> memref<2x4xi48, #accel.dram>
// CHECK-NEXT:    %fc2_offset_2 = accel.tile %fc2_offset_1 by [4] : memref<4xi48, #accel.dram> -> memref<1x4xi48, #accel.dram>
// CHECK:       func.func private @binary_matmul(%activation: memref<2x?xi8, #accel.onchip>, %weight: memref<?x4x2xi1, #accel.dram>, %multiplier: memref<?x4xi18, #accel.dram>, %offset: memref<?x4xi48, #accel.dram>, %table: memref<256xi8, #accel.dram>, %result: memref<2x?xi8, #accel.onchip>, %inputs: index, %outputs: index, %epilogue: index) attributes {accel.engine = "binary_matmul"} {
// CHECK-NEXT:    %tokens = arith.constant 2 : index
// CHECK-NEXT:    %weights = accel.buffer : memref<4x2xi1, #accel.local>
// CHECK-NEXT:    %sums = accel.buffer : memref<2x4xi11, #accel.local>
// CHECK-NEXT:    %multipliers = accel.buffer : memref<4xi18, #accel.local>
// CHECK-NEXT:    %offsets = accel.buffer : memref<4xi48, #accel.local>
// CHECK-NEXT:    %scaled = accel.buffer : memref<4xi49, #accel.local>
// CHECK-NEXT:    %entries = accel.buffer : memref<256xi8, #accel.local>
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %is_gelu = arith.cmpi eq, %epilogue, %c0 : index
// CHECK-NEXT:    scf.if %is_gelu {
// CHECK-NEXT:      accel.load %table[] to %entries
// CHECK-NEXT:    }
// CHECK-NEXT:    %input_tiles = arith.ceildivui %inputs, %c2 : index
// CHECK-NEXT:    scf.for %output = %c0 to %outputs step %c4 {
// CHECK-NEXT:      %output_tile = arith.divui %output, %c4 : index
// CHECK-NEXT:      accel.load %multiplier[%output_tile] to %multipliers
// CHECK-NEXT:      accel.load %offset[%output_tile] to %offsets
// CHECK-NEXT:      %first_weights = arith.muli %output_tile, %input_tiles : index
// CHECK-NEXT:      scf.for %input = %c0 to %inputs step %c2 {
// CHECK-NEXT:        %input_tile = arith.divui %input, %c2 : index
// CHECK-NEXT:        %weight_tile = arith.addi %first_weights, %input_tile : index
// CHECK-NEXT:        accel.load %weight[%weight_tile] to %weights
// CHECK-NEXT:        %is_first = arith.cmpi eq, %input, %c0 : index
// CHECK-NEXT:        scf.for %token = %c0 to %tokens step %c2 {
// CHECK-NEXT:          accel.accumulate %activation at %token, %input weights %weights to %sums restart %is_first limit %inputs {tokens = 2 : i64}
// CHECK-NEXT:        }
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.for %token_1 = %c0 to %tokens step %c1 {
// CHECK-NEXT:        accel.scale %sums[%token_1], %multipliers, %offsets to %scaled
// CHECK-NEXT:        scf.index_switch %epilogue
// CHECK-NEXT:        case 0 {
// CHECK-NEXT:          accel.store_lookup %scaled, %entries to %result[%token_1, %output] {shift = 20 : i64}
// CHECK-NEXT:          scf.yield
// CHECK-NEXT:        }
// CHECK-NEXT:        default {
// CHECK-NEXT:          accel.store_rounded %scaled to %result[%token_1, %output] {shift = 20 : i64}
// CHECK-NEXT:          scf.yield
// CHECK-NEXT:        }
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return
// CHECK:       func.func @forward
// CHECK:         %patches_1 = "memref.cast"(%patches) : (memref<2x4xi8, #accel.onchip>) -> memref<2x?xi8, #accel.onchip>
// CHECK-NEXT:    %hidden_1 = "memref.cast"(%hidden) : (memref<2x5xi8, #accel.onchip>) -> memref<2x?xi8, #accel.onchip>
// CHECK-NEXT:    func.call @extract_patches(%pixels, %patches)
// CHECK-NEXT:    %fc1_weight_1 = "memref.cast"(%fc1_weight) : (memref<4x4x2xi1, #accel.dram>) -> memref<?x4x2xi1, #accel.dram>
// CHECK-NEXT:    %fc1_multiplier_1 = "memref.cast"(%fc1_multiplier) : (memref<2x4xi18, #accel.dram>) -> memref<?x4xi18, #accel.dram>
// CHECK-NEXT:    %fc1_offset_1 = "memref.cast"(%fc1_offset) : (memref<2x4xi48, #accel.dram>) -> memref<?x4xi48, #accel.dram>
// CHECK-NEXT:    func.call @binary_matmul(%patches_1, %fc1_weight_1, %fc1_multiplier_1, %fc1_offset_1, %fc1_gelu, %hidden_1, %c4, %c5, %c0_1)
// CHECK-NEXT:    %fc2_weight_1 = "memref.cast"(%fc2_weight) : (memref<3x4x2xi1, #accel.dram>) -> memref<?x4x2xi1, #accel.dram>
// CHECK-NEXT:    %fc2_multiplier_1 = "memref.cast"(%fc2_multiplier) : (memref<1x4xi18, #accel.dram>) -> memref<?x4xi18, #accel.dram>
// CHECK-NEXT:    %fc2_offset_1 = "memref.cast"(%fc2_offset) : (memref<1x4xi48, #accel.dram>) -> memref<?x4xi48, #accel.dram>
// CHECK-NEXT:    func.call @binary_matmul(%hidden_1, %fc2_weight_1, %fc2_multiplier_1, %fc2_offset_1, %fc1_gelu, %patches_1, %c5, %c4, %c1)
// CHECK-NEXT:    func.call @store_matrix(%patches, %logits)

// -----

// Sizes that the callers decide are arguments. Rows are counted from the first row of a matrix. The initial tokens
// are read in words of 4 channels.
func.func @parameters() -> (memref<3x4xi16, #accel.dram>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<3x4xi8, #accel.dram>, memref<3xi18, #accel.dram>, memref<3xi48, #accel.dram>) {
  %position_real = vit.parameter @position : tensor<3x4xf32>
  %position = quant.quantize %position_real : tensor<3x4xf32> -> tensor<3x4x!quant.int<16, 0.25>>
  %0 = vit.slice %position from 0 : tensor<3x4x!quant.int<16, 0.25>> -> tensor<1x4x!quant.int<16, 0.25>>
  %class_real = vit.parameter @class : tensor<1x4xf32>
  %class = quant.quantize %class_real : tensor<1x4xf32> -> tensor<1x4x!quant.int<16, 0.25>>
  %1 = quant.add %class, %0 : tensor<1x4x!quant.int<16, 0.25>>, tensor<1x4x!quant.int<16, 0.25>> -> tensor<1x4x!quant.int<16, 0.25>>
  %2 = vit.slice %position from 1 : tensor<3x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>>
  %3 = vit.concatenate %1, %2 : tensor<1x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>>
  %initial_tokens = accel.parameter %3 : tensor<3x4x!quant.int<16, 0.25>> -> memref<3x4xi16, #accel.dram>
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.binarize %embed_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %embed_weight_1 = accel.parameter %embed_weight : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 5.000000e-01 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_multiplier_1 = accel.parameter %embed_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %embed_offset_1 = accel.parameter %embed_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %norm1_gamma = vit.parameter @norm1.weight : tensor<4xf32>
  %norm1_beta = vit.parameter @norm1.bias : tensor<4xf32>
  %norm1_multiplier, %norm1_offset = quant.layer_norm_parameters %norm1_gamma, %norm1_beta {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %norm1_multiplier_1 = accel.parameter %norm1_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %norm1_offset_1 = accel.parameter %norm1_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %fc_real = vit.parameter @fc.weight : tensor<4x4xf32>
  %fc_weight, %fc_scale = quant.binarize %fc_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %fc_weight_1 = accel.parameter %fc_weight : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %fc_multiplier, %fc_offset = quant.requantize_parameters %fc_scale {input_scale = 5.000000e-01 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %fc_multiplier_1 = accel.parameter %fc_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %fc_offset_1 = accel.parameter %fc_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %norm_gamma = vit.parameter @norm.weight : tensor<4xf32>
  %norm_beta = vit.parameter @norm.bias : tensor<4xf32>
  %norm_multiplier, %norm_offset = quant.layer_norm_parameters %norm_gamma, %norm_beta {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %norm_multiplier_1 = accel.parameter %norm_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %norm_offset_1 = accel.parameter %norm_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %head_real = vit.parameter @head.weight : tensor<3x4xf32>
  %head_weight, %head_scale = quant.quantize_weight %head_real : tensor<3x4xf32> -> tensor<3x4xi8>, tensor<3xf32>
  %head_weight_1 = accel.parameter %head_weight : tensor<3x4xi8> -> memref<3x4xi8, #accel.dram>
  %head_multiplier, %head_offset = quant.requantize_parameters %head_scale {input_scale = 5.000000e-01 : f64, output = !quant.int<16, 0.25>, shift = 16 : i64} : tensor<3xf32> -> tensor<3xi18>, tensor<3xi48>
  %head_multiplier_1 = accel.parameter %head_multiplier : tensor<3xi18> -> memref<3xi18, #accel.dram>
  %head_offset_1 = accel.parameter %head_offset : tensor<3xi48> -> memref<3xi48, #accel.dram>
  func.return %initial_tokens, %embed_weight_1, %embed_multiplier_1, %embed_offset_1, %norm1_multiplier_1, %norm1_offset_1, %fc_weight_1, %fc_multiplier_1, %fc_offset_1, %norm_multiplier_1, %norm_offset_1, %head_weight_1, %head_multiplier_1, %head_offset_1 : memref<3x4xi16, #accel.dram>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<3x4xi8, #accel.dram>, memref<3xi18, #accel.dram>, memref<3xi48, #accel.dram>
}
func.func private @extract_patches(%image: memref<1x2x4xi8, #accel.dram>, %patches: memref<2x4xi8, #accel.onchip>) attributes {accel.engine = "extract_patches"} {
  accel.extract_patches %image to %patches {patch = array<i64: 2, 2>, order = "colours_first"} : memref<1x2x4xi8, #accel.dram>, memref<2x4xi8, #accel.onchip>
  func.return
}
func.func private @load_matrix(%source: memref<3x4xi16, #accel.dram>, %matrix: memref<3x4xi16, #accel.onchip>) attributes {accel.engine = "load_matrix"} {
  accel.load_matrix %source to %matrix : memref<3x4xi16, #accel.dram>, memref<3x4xi16, #accel.onchip>
  func.return
}
func.func private @layer_norm(%input: memref<3x4xi16, #accel.onchip>, %first_read: index, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<?x4xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "layer_norm"} {
  %first = arith.constant 0 : index
  %channels = arith.constant 4 : index
  accel.layer_norm %input at %first_read, %multiplier, %offset to %result at %first sizes(%tokens, %channels) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<?x4xi8, #accel.onchip>
  func.return
}
func.func private @store_matrix(%matrix: memref<1x3xi16, #accel.onchip>, %destination: memref<1x3xi16, #accel.dram>) attributes {accel.engine = "store_matrix"} {
  accel.store_matrix %matrix to %destination : memref<1x3xi16, #accel.onchip>, memref<1x3xi16, #accel.dram>
  func.return
}
func.func private @binary_matmul(%activation: memref<?x4xi8, #accel.onchip>, %weight: memref<4x4xi1, #accel.dram>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %residual: memref<3x4xi16, #accel.onchip>, %first: index, %tokens: index) attributes {accel.engine = "binary_matmul"} {
  %inputs = arith.constant 4 : index
  %outputs = arith.constant 4 : index
  accel.linear %activation, %weight, %multiplier, %offset to %residual at %first sizes(%tokens, %inputs, %outputs) {epilogues = ["add"], shifts = array<i64: 14>} : memref<?x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi16, #accel.onchip>
  func.return
}
func.func private @integer_matmul(%activation: memref<1x4xi8, #accel.onchip>, %weight: memref<3x4xi8, #accel.dram>, %multiplier: memref<3xi18, #accel.dram>, %offset: memref<3xi48, #accel.dram>, %result: memref<1x3xi16, #accel.onchip>) attributes {accel.engine = "integer_matmul"} {
  %first = arith.constant 0 : index
  %tokens = arith.constant 1 : index
  %inputs = arith.constant 4 : index
  %outputs = arith.constant 3 : index
  accel.linear %activation, %weight, %multiplier, %offset to %result at %first sizes(%tokens, %inputs, %outputs) {epilogues = ["store"], shifts = array<i64: 16>} : memref<1x4xi8, #accel.onchip>, memref<3x4xi8, #accel.dram>, memref<3xi18, #accel.dram>, memref<3xi48, #accel.dram> to memref<1x3xi16, #accel.onchip>
  func.return
}
func.func @forward(%pixels: memref<1x2x4xi8, #accel.dram> {vaqf.name = "pixels", accel.port = "input", accel.format = !quant.int<8, 0.5>}, %logits: memref<1x3xi16, #accel.dram> {vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<16, 0.25>}, %initial_tokens: memref<3x4xi16, #accel.dram> {accel.port = "parameter"}, %embed_weight: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %embed_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %embed_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %norm1_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %norm1_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %fc_weight: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %fc_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %fc_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %norm_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %norm_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %head_weight: memref<3x4xi8, #accel.dram> {accel.port = "parameter"}, %head_multiplier: memref<3xi18, #accel.dram> {accel.port = "parameter"}, %head_offset: memref<3xi48, #accel.dram> {accel.port = "parameter"}) {
  %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
  %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %c0 = arith.constant 0 : index
  %normed = accel.buffer : memref<3x4xi8, #accel.onchip>
  %c3 = arith.constant 3 : index
  %normed_1 = accel.buffer : memref<1x4xi8, #accel.onchip>
  %logits_1 = accel.buffer : memref<1x3xi16, #accel.onchip>
  %normed_2 = "memref.cast"(%normed) : (memref<3x4xi8, #accel.onchip>) -> memref<?x4xi8, #accel.onchip>
  %normed_3 = "memref.cast"(%normed_1) : (memref<1x4xi8, #accel.onchip>) -> memref<?x4xi8, #accel.onchip>
  %patches_1 = "memref.cast"(%patches) : (memref<2x4xi8, #accel.onchip>) -> memref<?x4xi8, #accel.onchip>
  func.call @extract_patches(%pixels, %patches) : (memref<1x2x4xi8, #accel.dram>, memref<2x4xi8, #accel.onchip>) -> ()
  func.call @load_matrix(%initial_tokens, %residual) : (memref<3x4xi16, #accel.dram>, memref<3x4xi16, #accel.onchip>) -> ()
  func.call @binary_matmul(%patches_1, %embed_weight, %embed_multiplier, %embed_offset, %residual, %c1, %c2) : (memref<?x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<3x4xi16, #accel.onchip>, index, index) -> ()
  accel.checkpoint "embedding"[%c0], %residual : memref<3x4xi16, #accel.onchip>
  func.call @layer_norm(%residual, %c0, %norm1_multiplier, %norm1_offset, %normed_2, %c3) : (memref<3x4xi16, #accel.onchip>, index, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<?x4xi8, #accel.onchip>, index) -> ()
  func.call @binary_matmul(%normed_2, %fc_weight, %fc_multiplier, %fc_offset, %residual, %c0, %c3) : (memref<?x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<3x4xi16, #accel.onchip>, index, index) -> ()
  accel.checkpoint "mlp"[%c0], %residual : memref<3x4xi16, #accel.onchip>
  func.call @layer_norm(%residual, %c1, %norm_multiplier, %norm_offset, %normed_3, %c1) : (memref<3x4xi16, #accel.onchip>, index, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<?x4xi8, #accel.onchip>, index) -> ()
  func.call @integer_matmul(%normed_1, %head_weight, %head_multiplier, %head_offset, %logits_1) : (memref<1x4xi8, #accel.onchip>, memref<3x4xi8, #accel.dram>, memref<3xi18, #accel.dram>, memref<3xi48, #accel.dram>, memref<1x3xi16, #accel.onchip>) -> ()
  func.call @store_matrix(%logits_1, %logits) : (memref<1x3xi16, #accel.onchip>, memref<1x3xi16, #accel.dram>) -> ()
  func.return
}
// CHECK:       func.func @parameters
// CHECK:         %initial_tokens_1 = accel.tile %initial_tokens by [3, 4] : memref<3x4xi16, #accel.dram> -> memref<1x3x4xi16, #accel.dram>
// CHECK-NEXT:    %norm1_multiplier_2 = accel.tile %norm1_multiplier_1 by [4] : memref<4xi18, #accel.dram> -> memref<1x4xi18, #accel.dram>
// CHECK-NEXT:    %norm_multiplier_2 = accel.tile %norm_multiplier_1 by [4] : memref<4xi18, #accel.dram> -> memref<1x4xi18, #accel.dram>
// CHECK-NEXT:    %norm1_offset_2 = accel.tile %norm1_offset_1 by [4] : memref<4xi48, #accel.dram> -> memref<1x4xi48, #accel.dram>
// CHECK-NEXT:    %norm_offset_2 = accel.tile %norm_offset_1 by [4] : memref<4xi48, #accel.dram> -> memref<1x4xi48, #accel.dram>
// CHECK-NEXT:    %embed_weight_2 = accel.tile %embed_weight_1 by [4, 2] : memref<4x4xi1, #accel.dram> -> memref<2x4x2xi1, #accel.dram>
// CHECK-NEXT:    %fc_weight_2 = accel.tile %fc_weight_1 by [4, 2] : memref<4x4xi1, #accel.dram> -> memref<2x4x2xi1, #accel.dram>
// CHECK-NEXT:    %embed_multiplier_2 = accel.tile %embed_multiplier_1 by [4] : memref<4xi18, #accel.dram> -> memref<1x4xi18, #accel.dram>
// CHECK-NEXT:    %fc_multiplier_2 = accel.tile %fc_multiplier_1 by [4] : memref<4xi18, #accel.dram> -> memref<1x4xi18, #accel.dram>
// CHECK-NEXT:    %embed_offset_2 = accel.tile %embed_offset_1 by [4] : memref<4xi48, #accel.dram> -> memref<1x4xi48, #accel.dram>
// CHECK-NEXT:    %fc_offset_2 = accel.tile %fc_offset_1 by [4] : memref<4xi48, #accel.dram> -> memref<1x4xi48, #accel.dram>
// CHECK-NEXT:    %head_weight_2 = accel.tile %head_weight_1 by [8, 4] : memref<3x4xi8, #accel.dram> -> memref<1x8x4xi8, #accel.dram>
// CHECK-NEXT:    %head_multiplier_2 = accel.tile %head_multiplier_1 by [8] : memref<3xi18, #accel.dram> -> memref<1x8xi18, #accel.dram>
// CHECK-NEXT:    %head_offset_2 = accel.tile %head_offset_1 by [8] : memref<3xi48, #accel.dram> -> memref<1x8xi48, #accel.dram>
// CHECK:       func.func private @load_matrix(%source: memref<1x3x4xi16, #accel.dram>, %matrix: memref<3x4xi16, #accel.onchip>) attributes {accel.engine = "load_matrix"} {
// CHECK-NEXT:    accel.load_matrix %source to %matrix
// CHECK-NEXT:    func.return
// CHECK:       func.func private @layer_norm(%input: memref<3x4xi16, #accel.onchip>, %first_read: index, %multiplier: memref<1x4xi18, #accel.dram>, %offset: memref<1x4xi48, #accel.dram>, %result: memref<?x4xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "layer_norm"} {
// CHECK-NEXT:    %channels = arith.constant 4 : index
// CHECK-NEXT:    %sums = accel.buffer : memref<3xi19, #accel.local>
// CHECK-NEXT:    %squares = accel.buffer : memref<3xi34, #accel.local>
// CHECK-NEXT:    %inverses = accel.buffer : memref<3xi19, #accel.local>
// CHECK-NEXT:    %exponents = accel.buffer : memref<3xi7, #accel.local>
// CHECK-NEXT:    %multipliers = accel.buffer : memref<4xi18, #accel.local>
// CHECK-NEXT:    %offsets = accel.buffer : memref<4xi48, #accel.local>
// CHECK-NEXT:    %scaled = accel.buffer : memref<4xi49, #accel.local>
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    scf.for %token = %c0 to %tokens step %c1 {
// CHECK-NEXT:      accel.fill %sums[%token] with 0
// CHECK-NEXT:      accel.fill %squares[%token] with 0
// CHECK-NEXT:    }
// CHECK-NEXT:    scf.for %channel = %c0 to %channels step %c4 {
// CHECK-NEXT:      scf.for %token_1 = %c0 to %tokens step %c1 {
// CHECK-NEXT:        %row = arith.addi %first_read, %token_1 : index
// CHECK-NEXT:        accel.add_moments %input[%row, %channel] to %sums, %squares at %token_1 {lanes = 4 : i64}
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    scf.for %token_2 = %c0 to %tokens step %c1 {
// CHECK-NEXT:      accel.reciprocal_root %sums, %squares to %inverses, %exponents at %token_2 {channels = 4 : i64, epsilon = 9 : i64, bits = 16 : i64}
// CHECK-NEXT:    }
// CHECK-NEXT:    scf.for %channel_1 = %c0 to %channels step %c4 {
// CHECK-NEXT:      %channel_tile = arith.divui %channel_1, %c4 : index
// CHECK-NEXT:      accel.load %multiplier[%channel_tile] to %multipliers
// CHECK-NEXT:      accel.load %offset[%channel_tile] to %offsets
// CHECK-NEXT:      scf.for %token_3 = %c0 to %tokens step %c1 {
// CHECK-NEXT:        %row_1 = arith.addi %first_read, %token_3 : index
// CHECK-NEXT:        accel.normalize %input[%row_1, %channel_1], %sums, %inverses, %exponents at %token_3, %multipliers, %offsets to %scaled {channels = 4 : i64}
// CHECK-NEXT:        accel.store_rounded %scaled to %result[%token_3, %channel_1] {shift = 25 : i64}
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return
// CHECK:       func.func @forward
// CHECK:         %normed_2 = "memref.cast"(%normed) : (memref<3x4xi8, #accel.onchip>) -> memref<?x4xi8, #accel.onchip>
// CHECK-NEXT:    %normed_3 = "memref.cast"(%normed_1) : (memref<1x4xi8, #accel.onchip>) -> memref<?x4xi8, #accel.onchip>
// CHECK-NEXT:    %patches_1 = "memref.cast"(%patches) : (memref<2x4xi8, #accel.onchip>) -> memref<?x4xi8, #accel.onchip>
// CHECK-NEXT:    func.call @extract_patches(%pixels, %patches)
// CHECK-NEXT:    func.call @load_matrix(%initial_tokens, %residual)
// CHECK-NEXT:    func.call @binary_matmul(%patches_1, %embed_weight, %embed_multiplier, %embed_offset, %residual, %c1, %c2)
// CHECK:         func.call @layer_norm(%residual, %c0, %norm1_multiplier, %norm1_offset, %normed_2, %c3)
// CHECK-NEXT:    func.call @binary_matmul(%normed_2, %fc_weight, %fc_multiplier, %fc_offset, %residual, %c0, %c3)
// CHECK:         func.call @layer_norm(%residual, %c1, %norm_multiplier, %norm_offset, %normed_3, %c1)
// CHECK-NEXT:    func.call @integer_matmul(%normed_1, %head_weight, %head_multiplier, %head_offset, %logits_1)
// CHECK-NEXT:    func.call @store_matrix(%logits_1, %logits)

// -----

// For each head scores, exponentials, reciprocals and mixed values, all queries before the keys change. 3 keys
// are no multiple of 2: the lane that hangs over does not count.
func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<256xi17, #accel.dram>) {
  %query_real = vit.parameter @query.weight : tensor<4x4xf32>
  %query_weight, %query_scale = quant.binarize %query_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %query_weight_1 = accel.parameter %query_weight : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %query_multiplier, %query_offset = quant.requantize_parameters %query_scale {input_scale = 5.000000e-01 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %query_multiplier_1 = accel.parameter %query_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %query_offset_1 = accel.parameter %query_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %key_real = vit.parameter @key.weight : tensor<4x4xf32>
  %key_weight, %key_scale = quant.binarize %key_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %key_weight_1 = accel.parameter %key_weight : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %key_multiplier, %key_offset = quant.requantize_parameters %key_scale {input_scale = 5.000000e-01 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %key_multiplier_1 = accel.parameter %key_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %key_offset_1 = accel.parameter %key_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %value_real = vit.parameter @value.weight : tensor<4x4xf32>
  %value_weight, %value_scale = quant.binarize %value_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %value_weight_1 = accel.parameter %value_weight : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %value_multiplier, %value_offset = quant.requantize_parameters %value_scale {input_scale = 5.000000e-01 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %value_multiplier_1 = accel.parameter %value_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %value_offset_1 = accel.parameter %value_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %exponentials = quant.exponential_table : tensor<256xi17>
  %exponentials_1 = accel.parameter %exponentials : tensor<256xi17> -> memref<256xi17, #accel.dram>
  func.return %query_weight_1, %query_multiplier_1, %query_offset_1, %key_weight_1, %key_multiplier_1, %key_offset_1, %value_weight_1, %value_multiplier_1, %value_offset_1, %exponentials_1 : memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<256xi17, #accel.dram>
}
func.func private @extract_patches(%image: memref<1x2x6xi8, #accel.dram>, %patches: memref<3x4xi8, #accel.onchip>) attributes {accel.engine = "extract_patches"} {
  accel.extract_patches %image to %patches {patch = array<i64: 2, 2>, order = "colours_first"} : memref<1x2x6xi8, #accel.dram>, memref<3x4xi8, #accel.onchip>
  func.return
}
func.func private @attention(%query: memref<3x4xi8, #accel.onchip>, %key: memref<3x4xi8, #accel.onchip>, %value: memref<3x4xi8, #accel.onchip>, %exponentials: memref<256xi17, #accel.dram>, %softmax_multiplier: i18, %value_multiplier: i18, %result: memref<3x4xi8, #accel.onchip>) attributes {accel.engine = "attention"} {
  accel.attention %query, %key, %value, %exponentials, %softmax_multiplier, %value_multiplier to %result {heads = 2 : i64, probability_bits = 8 : i64, softmax_shift = 20 : i64, value_shift = 24 : i64} : memref<3x4xi8, #accel.onchip>, memref<3x4xi8, #accel.onchip>, memref<3x4xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<3x4xi8, #accel.onchip>
  func.return
}
func.func private @store_matrix(%matrix: memref<3x4xi8, #accel.onchip>, %destination: memref<3x4xi8, #accel.dram>) attributes {accel.engine = "store_matrix"} {
  accel.store_matrix %matrix to %destination : memref<3x4xi8, #accel.onchip>, memref<3x4xi8, #accel.dram>
  func.return
}
func.func private @binary_matmul(%activation: memref<3x4xi8, #accel.onchip>, %weight: memref<4x4xi1, #accel.dram>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<3x4xi8, #accel.onchip>) attributes {accel.engine = "binary_matmul"} {
  %first = arith.constant 0 : index
  %tokens = arith.constant 3 : index
  %inputs = arith.constant 4 : index
  %outputs = arith.constant 4 : index
  accel.linear %activation, %weight, %multiplier, %offset to %result at %first sizes(%tokens, %inputs, %outputs) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip>
  func.return
}
func.func @forward(%pixels: memref<1x2x6xi8, #accel.dram> {vaqf.name = "pixels", accel.port = "input", accel.format = !quant.int<8, 0.5>}, %logits: memref<3x4xi8, #accel.dram> {vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<8, 0.5>}, %query_weight: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %query_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %query_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %key_weight: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %key_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %key_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %value_weight: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %value_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %value_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %exponentials: memref<256xi17, #accel.dram> {accel.port = "parameter"}) {
  %patches = accel.buffer : memref<3x4xi8, #accel.onchip>
  %query = accel.buffer : memref<3x4xi8, #accel.onchip>
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %key = accel.buffer : memref<3x4xi8, #accel.onchip>
  %value = accel.buffer : memref<3x4xi8, #accel.onchip>
  func.call @extract_patches(%pixels, %patches) : (memref<1x2x6xi8, #accel.dram>, memref<3x4xi8, #accel.onchip>) -> ()
  func.call @binary_matmul(%patches, %query_weight, %query_multiplier, %query_offset, %query) : (memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<3x4xi8, #accel.onchip>) -> ()
  func.call @binary_matmul(%patches, %key_weight, %key_multiplier, %key_offset, %key) : (memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<3x4xi8, #accel.onchip>) -> ()
  func.call @binary_matmul(%patches, %value_weight, %value_multiplier, %value_offset, %value) : (memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<3x4xi8, #accel.onchip>) -> ()
  %softmax_multiplier = arith.constant 74917 : i18
  %value_multiplier_1 = arith.constant 80566 : i18
  func.call @attention(%query, %key, %value, %exponentials, %softmax_multiplier, %value_multiplier_1, %patches) : (memref<3x4xi8, #accel.onchip>, memref<3x4xi8, #accel.onchip>, memref<3x4xi8, #accel.onchip>, memref<256xi17, #accel.dram>, i18, i18, memref<3x4xi8, #accel.onchip>) -> ()
  func.call @store_matrix(%patches, %logits) : (memref<3x4xi8, #accel.onchip>, memref<3x4xi8, #accel.dram>) -> ()
  func.return
}
// CHECK:       func.func @parameters
// CHECK:         %query_weight_2 = accel.tile %query_weight_1 by [4, 2] : memref<4x4xi1, #accel.dram> -> memref<2x4x2xi1, #accel.dram>
// CHECK-NEXT:    %key_weight_2 = accel.tile %key_weight_1 by [4, 2] : memref<4x4xi1, #accel.dram> -> memref<2x4x2xi1, #accel.dram>
// CHECK-NEXT:    %value_weight_2 = accel.tile %value_weight_1 by [4, 2] : memref<4x4xi1, #accel.dram> -> memref<2x4x2xi1, #accel.dram>
// CHECK-NEXT:    %query_multiplier_2 = accel.tile %query_multiplier_1 by [4] : memref<4xi18, #accel.dram> -> memref<1x4xi18, #accel.dram>
// CHECK-NEXT:    %key_multiplier_2 = accel.tile %key_multiplier_1 by [4] : memref<4xi18, #accel.dram> -> memref<1x4xi18, #accel.dram>
// CHECK-NEXT:    %value_multiplier_2 = accel.tile %value_multiplier_1 by [4] : memref<4xi18, #accel.dram> -> memref<1x4xi18, #accel.dram>
// CHECK-NEXT:    %query_offset_2 = accel.tile %query_offset_1 by [4] : memref<4xi48, #accel.dram> -> memref<1x4xi48, #accel.dram>
// CHECK-NEXT:    %key_offset_2 = accel.tile %key_offset_1 by [4] : memref<4xi48, #accel.dram> -> memref<1x4xi48, #accel.dram>
// CHECK-NEXT:    %value_offset_2 = accel.tile %value_offset_1 by [4] : memref<4xi48, #accel.dram> -> memref<1x4xi48, #accel.dram>
// CHECK:       func.func private @attention(%query: memref<3x4xi8, #accel.onchip>, %key: memref<3x4xi8, #accel.onchip>, %value: memref<3x4xi8, #accel.onchip>, %exponentials: memref<256xi17, #accel.dram>, %softmax_multiplier: i18, %value_multiplier: i18, %result: memref<3x4xi8, #accel.onchip>) attributes {accel.engine = "attention"} {
// CHECK-NEXT:    %queries = accel.buffer : memref<3x2xi8, #accel.local>
// CHECK-NEXT:    %keys = accel.buffer : memref<4x2xi8, #accel.local>
// CHECK-NEXT:    %values = accel.buffer : memref<4x2xi8, #accel.local>
// CHECK-NEXT:    %scores = accel.buffer : memref<3x4xi17, #accel.local>
// CHECK-NEXT:    %maxima = accel.buffer : memref<3xi17, #accel.local>
// CHECK-NEXT:    %exponential_rows = accel.buffer : memref<3x4xi17, #accel.local>
// CHECK-NEXT:    %sums = accel.buffer : memref<3xi19, #accel.local>
// CHECK-NEXT:    %inverses = accel.buffer : memref<3xi19, #accel.local>
// CHECK-NEXT:    %mixed = accel.buffer : memref<3x2xi18, #accel.local>
// CHECK-NEXT:    %octave = accel.buffer : memref<256xi17, #accel.local>
// CHECK-NEXT:    %c3 = arith.constant 3 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    accel.load %exponentials[] to %octave
// CHECK-NEXT:    scf.for %slot = %c0 to %c4 step %c1 {
// CHECK-NEXT:      accel.fill %keys[%slot] with 0 : memref<4x2xi8, #accel.local>
// CHECK-NEXT:      accel.fill %values[%slot] with 0 : memref<4x2xi8, #accel.local>
// CHECK-NEXT:    }
// CHECK-NEXT:    scf.for %head = %c0 to %c2 step %c1 {
// CHECK-NEXT:      %channel = arith.muli %head, %c2 : index
// CHECK-NEXT:      scf.for %token = %c0 to %c3 step %c1 {
// CHECK-NEXT:        accel.copy_row %query[%token, %channel] to %queries
// CHECK-NEXT:        accel.copy_row %key[%token, %channel] to %keys
// CHECK-NEXT:        accel.copy_row %value[%token, %channel] to %values
// CHECK-NEXT:        accel.fill %maxima[%token] with -65536
// CHECK-NEXT:        accel.fill %sums[%token] with 0
// CHECK-NEXT:        accel.fill %mixed[%token] with 0
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.for %key_1 = %c0 to %c3 step %c2 {
// CHECK-NEXT:        scf.for %query_1 = %c0 to %c3 step %c1 {
// CHECK-NEXT:          accel.score %queries[%query_1], %keys[%key_1] to %scores, %maxima limit %c3 {lanes = 2 : i64}
// CHECK-NEXT:        }
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.for %key_2 = %c0 to %c3 step %c2 {
// CHECK-NEXT:        scf.for %query_2 = %c0 to %c3 step %c1 {
// CHECK-NEXT:          accel.exponentiate %scores[%query_2, %key_2], %maxima, %octave, %softmax_multiplier to %exponential_rows, %sums limit %c3 {lanes = 2 : i64, shift = 20 : i64}
// CHECK-NEXT:        }
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.for %query_3 = %c0 to %c3 step %c1 {
// CHECK-NEXT:        accel.reciprocal %sums to %inverses at %query_3 {shift = 32 : i64}
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.for %key_3 = %c0 to %c3 step %c2 {
// CHECK-NEXT:        scf.for %query_4 = %c0 to %c3 step %c1 {
// CHECK-NEXT:          accel.mix %exponential_rows[%query_4, %key_3], %inverses, %values to %mixed limit %c3 {lanes = 2 : i64, bits = 8 : i64, shift = 24 : i64}
// CHECK-NEXT:        }
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.for %query_5 = %c0 to %c3 step %c1 {
// CHECK-NEXT:        accel.store_rescaled %mixed[%query_5], %value_multiplier to %result[%query_5, %channel] {shift = 24 : i64}
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return
// CHECK:       func.func @forward
// CHECK:         func.call @extract_patches(%pixels, %patches)
// CHECK-NEXT:    func.call @binary_matmul(%patches, %query_weight, %query_multiplier, %query_offset, %query)
// CHECK-NEXT:    func.call @binary_matmul(%patches, %key_weight, %key_multiplier, %key_offset, %key)
// CHECK-NEXT:    func.call @binary_matmul(%patches, %value_weight, %value_multiplier, %value_offset, %value)
// CHECK:         func.call @attention(%query, %key, %value, %exponentials, %softmax_multiplier, %value_multiplier_1, %patches)
// CHECK-NEXT:    func.call @store_matrix(%patches, %logits)

// -----

// Normalised tokens are added to their rows of the residual stream.
func.func @parameters() -> (memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %gamma = vit.parameter @norm.weight : tensor<4xf32>
  %m, %o = quant.layer_norm_parameters %gamma {output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %m_1 = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %o_1 = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %m_1, %o_1 : memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func private @added(%input: memref<2x4xi16, #accel.onchip>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %residual: memref<3x4xi16, #accel.onchip>, %first: index) attributes {accel.engine = "layer_norm"} {
  %first_read = arith.constant 0 : index
  %tokens = arith.constant 2 : index
  %channels = arith.constant 4 : index
  accel.layer_norm %input at %first_read, %multiplier, %offset to %residual at %first sizes(%tokens, %channels) {epsilon = 9 : i64, epilogues = ["add"], shifts = array<i64: 14>} : memref<2x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi16, #accel.onchip>
  func.return
}
func.func @forward(%m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %embedded = accel.buffer : memref<2x4xi16, #accel.onchip>
  %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
  %c1 = arith.constant 1 : index
  func.call @added(%embedded, %m, %o, %residual, %c1) : (memref<2x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<3x4xi16, #accel.onchip>, index) -> ()
  func.return
}
// CHECK:       func.func private @added
// CHECK:           scf.for %token_3 = %c0 to %tokens step %c1 {
// CHECK-NEXT:        accel.normalize %input[%token_3, %channel_1]
// CHECK-NEXT:        %written = arith.addi %first, %token_3 : index
// CHECK-NEXT:        accel.add_rounded %scaled to %residual[%written, %channel_1] {shift = 14 : i64}
