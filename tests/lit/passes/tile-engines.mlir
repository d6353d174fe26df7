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
// CHECK-NEXT:    %weights = accel.buffer : memref<1x8x4xi8, #accel.local>
// CHECK-NEXT:    %sums = accel.buffer : memref<2x8xi17, #accel.local>
// CHECK-NEXT:    %multipliers = accel.buffer : memref<8xi18, #accel.local>
// CHECK-NEXT:    %offsets = accel.buffer : memref<8xi48, #accel.local>
// CHECK-NEXT:    %scaled = accel.buffer : memref<8xi49, #accel.local>
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c8 = arith.constant 8 : index
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %input_tiles = arith.ceildivui %inputs, %c4 : index
// CHECK-NEXT:    %output_tiles = arith.ceildivui %outputs, %c8 : index
// CHECK-NEXT:    scf.for %output_tile = %c0 to %output_tiles step %c1 {
// CHECK-NEXT:      %output = arith.muli %output_tile, %c8 : index
// CHECK-NEXT:      %first_weights = arith.muli %output_tile, %input_tiles : index
// CHECK-NEXT:      accel.load %weight[%first_weights] count %input_tiles to %weights
// CHECK-NEXT:      accel.load %multiplier[%output_tile] to %multipliers
// CHECK-NEXT:      accel.load %offset[%output_tile] to %offsets
// CHECK-NEXT:      scf.for %input_tile = %c0 to %input_tiles step %c1 {
// CHECK-NEXT:        %weight_tile = accel.slot %weights[%input_tile]
// CHECK-NEXT:        %input = arith.muli %input_tile, %c4 : index
// CHECK-NEXT:        %is_first = arith.cmpi eq, %input_tile, %c0 : index
// CHECK-NEXT:        scf.for %token = %c0 to %tokens step %c1 {
// CHECK-NEXT:          accel.accumulate %activation at %token, %input weights %weight_tile to %sums restart %is_first {tokens = 1 : i64}
// CHECK-NEXT:        }
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.for %token_1 = %c0 to %tokens step %c1 {
// CHECK-NEXT:        accel.scale %sums[%token_1], %multipliers, %offsets to %scaled
// CHECK-NEXT:        accel.store_rounded %scaled to %result[%token_1, %output] {shift = 16 : i64}
// CHECK-NEXT:      }
// CHECK-NEXT:    } {accel.overlap}
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
// CHECK-NEXT:    %weights = accel.buffer : memref<3x4x2xi1, #accel.local>
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
// CHECK-NEXT:    %output_tiles = arith.ceildivui %outputs, %c4 : index
// CHECK-NEXT:    scf.for %output_tile = %c0 to %output_tiles step %c1 {
// CHECK-NEXT:      %output = arith.muli %output_tile, %c4 : index
// CHECK-NEXT:      %first_weights = arith.muli %output_tile, %input_tiles : index
// CHECK-NEXT:      accel.load %weight[%first_weights] count %input_tiles to %weights
// CHECK-NEXT:      accel.load %multiplier[%output_tile] to %multipliers
// CHECK-NEXT:      accel.load %offset[%output_tile] to %offsets
// CHECK-NEXT:      scf.for %input_tile = %c0 to %input_tiles step %c1 {
// CHECK-NEXT:        %weight_tile = accel.slot %weights[%input_tile]
// CHECK-NEXT:        %input = arith.muli %input_tile, %c2 : index
// CHECK-NEXT:        %is_first = arith.cmpi eq, %input_tile, %c0 : index
// CHECK-NEXT:        scf.for %token = %c0 to %tokens step %c2 {
// CHECK-NEXT:          accel.accumulate %activation at %token, %input weights %weight_tile to %sums restart %is_first limit %inputs {tokens = 2 : i64, form = "paired_sum"}
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
// CHECK-NEXT:    } {accel.overlap}
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
// CHECK-NEXT:    %multipliers = accel.buffer : memref<1x4xi18, #accel.local>
// CHECK-NEXT:    %offsets = accel.buffer : memref<1x4xi48, #accel.local>
// CHECK-NEXT:    %scaled = accel.buffer : memref<4xi49, #accel.local>
// CHECK-NEXT:    %sums = accel.buffer : memref<3x32xi19, #accel.local>
// CHECK-NEXT:    %squares = accel.buffer : memref<2x32xi34, #accel.local>
// CHECK-NEXT:    %inverses = accel.buffer : memref<2x32xi19, #accel.local>
// CHECK-NEXT:    %exponents = accel.buffer : memref<2x32xi7, #accel.local>
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %c32 = arith.constant 32 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c3 = arith.constant 3 : index
// CHECK-NEXT:    accel.load %multiplier[%c0] count %c1 to %multipliers
// CHECK-NEXT:    accel.load %offset[%c0] count %c1 to %offsets
// CHECK-NEXT:    %units = arith.ceildivui %tokens, %c32 : index
// CHECK-NEXT:    %turns = arith.addi %units, %c2 : index
// CHECK-NEXT:    scf.for %unit = %c0 to %turns step %c1 {
// CHECK-NEXT:      scf.for %word = %c0 to %c1 step %c1 {
// CHECK-NEXT:        scf.for %place = %c0 to %c32 step %c1 {
// CHECK-NEXT:          %channel = arith.muli %word, %c4 : index
// CHECK-NEXT:          %is_first = arith.cmpi eq, %word, %c0 : index
// CHECK-NEXT:          %is_left = arith.cmpi ult, %unit, %units : index
// CHECK-NEXT:          scf.if %is_left {
// CHECK-NEXT:            %first_token = arith.muli %unit, %c32 : index
// CHECK-NEXT:            %token = arith.addi %first_token, %place : index
// CHECK-NEXT:            %is_token = arith.cmpi ult, %token, %tokens : index
// CHECK-NEXT:            scf.if %is_token {
// CHECK-NEXT:              %row = arith.addi %first_read, %token : index
// CHECK-NEXT:              %turn_of_sums = arith.remui %unit, %c3 : index
// CHECK-NEXT:              %sums_now = accel.slot %sums[%turn_of_sums]
// CHECK-NEXT:              %turn_of_squares = arith.remui %unit, %c2 : index
// CHECK-NEXT:              %squares_now = accel.slot %squares[%turn_of_squares]
// CHECK-NEXT:              accel.add_moments %input[%row, %channel] to %sums_now, %squares_now at %place restart %is_first {lanes = 4 : i64}
// CHECK-NEXT:            }
// CHECK-NEXT:          }
// CHECK-NEXT:          %has_begun = arith.cmpi uge, %unit, %c1 : index
// CHECK-NEXT:          %end = arith.addi %units, %c1 : index
// CHECK-NEXT:          %is_left_1 = arith.cmpi ult, %unit, %end : index
// CHECK-NEXT:          %is_active = arith.andi %has_begun, %is_left_1 : i1
// CHECK-NEXT:          scf.if %is_active {
// CHECK-NEXT:            %number = arith.subi %unit, %c1 : index
// CHECK-NEXT:            %first_token_1 = arith.muli %number, %c32 : index
// CHECK-NEXT:            %token_1 = arith.addi %first_token_1, %place : index
// CHECK-NEXT:            %is_token_1 = arith.cmpi ult, %token_1, %tokens : index
// CHECK-NEXT:            %takes_root = arith.andi %is_token_1, %is_first : i1
// CHECK-NEXT:            scf.if %takes_root {
// CHECK-NEXT:              %turn_of_sums_1 = arith.remui %number, %c3 : index
// CHECK-NEXT:              %sums_now_1 = accel.slot %sums[%turn_of_sums_1]
// CHECK-NEXT:              %turn_of_squares_1 = arith.remui %number, %c2 : index
// CHECK-NEXT:              %squares_now_1 = accel.slot %squares[%turn_of_squares_1]
// CHECK-NEXT:              %turn_of_inverses = arith.remui %number, %c2 : index
// CHECK-NEXT:              %inverses_now = accel.slot %inverses[%turn_of_inverses]
// CHECK-NEXT:              %turn_of_exponents = arith.remui %number, %c2 : index
// CHECK-NEXT:              %exponents_now = accel.slot %exponents[%turn_of_exponents]
// CHECK-NEXT:              accel.reciprocal_root %sums_now_1, %squares_now_1 to %inverses_now, %exponents_now at %place {channels = 4 : i64, epsilon = 9 : i64, bits = 16 : i64}
// CHECK-NEXT:            }
// CHECK-NEXT:          }
// CHECK-NEXT:          %has_begun_1 = arith.cmpi uge, %unit, %c2 : index
// CHECK-NEXT:          scf.if %has_begun_1 {
// CHECK-NEXT:            %number_1 = arith.subi %unit, %c2 : index
// CHECK-NEXT:            %first_token_2 = arith.muli %number_1, %c32 : index
// CHECK-NEXT:            %token_2 = arith.addi %first_token_2, %place : index
// CHECK-NEXT:            %is_token_2 = arith.cmpi ult, %token_2, %tokens : index
// CHECK-NEXT:            scf.if %is_token_2 {
// CHECK-NEXT:              %row_1 = arith.addi %first_read, %token_2 : index
// CHECK-NEXT:              %turn_of_sums_2 = arith.remui %number_1, %c3 : index
// CHECK-NEXT:              %sums_now_2 = accel.slot %sums[%turn_of_sums_2]
// CHECK-NEXT:              %turn_of_inverses_1 = arith.remui %number_1, %c2 : index
// CHECK-NEXT:              %inverses_now_1 = accel.slot %inverses[%turn_of_inverses_1]
// CHECK-NEXT:              %turn_of_exponents_1 = arith.remui %number_1, %c2 : index
// CHECK-NEXT:              %exponents_now_1 = accel.slot %exponents[%turn_of_exponents_1]
// CHECK-NEXT:              %multipliers_of_word = accel.slot %multipliers[%word]
// CHECK-NEXT:              %offsets_of_word = accel.slot %offsets[%word]
// CHECK-NEXT:              accel.normalize %input[%row_1, %channel], %sums_now_2, %inverses_now_1, %exponents_now_1 at %place, %multipliers_of_word, %offsets_of_word to %scaled {channels = 4 : i64}
// CHECK-NEXT:              accel.store_rounded %scaled to %result[%token_2, %channel] {shift = 25 : i64}
// CHECK-NEXT:            }
// CHECK-NEXT:          }
// CHECK-NEXT:        }
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
// CHECK-NEXT:    %queries = accel.buffer : memref<2x1x16x2xi8, #accel.local>
// CHECK-NEXT:    %keys = accel.buffer : memref<2x4x2xi8, #accel.local>
// CHECK-NEXT:    %values = accel.buffer : memref<2x4x2xi8, #accel.local>
// CHECK-NEXT:    %scores = accel.buffer : memref<2x16x4xi17, #accel.local>
// CHECK-NEXT:    %maxima = accel.buffer : memref<2x16xi17, #accel.local>
// CHECK-NEXT:    %exponential_rows = accel.buffer : memref<3x16x4xi17, #accel.local>
// CHECK-NEXT:    %sums = accel.buffer : memref<2x16xi19, #accel.local>
// CHECK-NEXT:    %inverses = accel.buffer : memref<2x16xi19, #accel.local>
// CHECK-NEXT:    %mixed = accel.buffer : memref<16x2xi18, #accel.local>
// CHECK-NEXT:    %octave = accel.buffer : memref<256xi17, #accel.local>
// CHECK-NEXT:    %c3 = arith.constant 3 : index
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %c16 = arith.constant 16 : index
// CHECK-NEXT:    %c5 = arith.constant 5 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    accel.concurrent {
// CHECK-NEXT:      accel.load %exponentials[] to %octave
// CHECK-NEXT:    } {
// CHECK-NEXT:    scf.for %head = %c0 to %c2 step %c1 {
// CHECK-NEXT:      scf.for %slot = %c0 to %c1 step %c1 {
// CHECK-NEXT:        %row = arith.addi %c3, %slot : index
// CHECK-NEXT:        %filled = accel.slot %keys[%head]
// CHECK-NEXT:        accel.fill %filled[%row] with 0
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    scf.for %head_1 = %c0 to %c2 step %c1 {
// CHECK-NEXT:      scf.for %slot_1 = %c0 to %c1 step %c1 {
// CHECK-NEXT:        %row_1 = arith.addi %c3, %slot_1 : index
// CHECK-NEXT:        %filled_1 = accel.slot %values[%head_1]
// CHECK-NEXT:        accel.fill %filled_1[%row_1] with 0
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    scf.for %token = %c0 to %c3 step %c1 {
// CHECK-NEXT:      %query_tile = arith.divui %token, %c16 : index
// CHECK-NEXT:      %query_1 = arith.remui %token, %c16 : index
// CHECK-NEXT:      %turn_of_queries = arith.remui %c0, %c2 : index
// CHECK-NEXT:      %queries_now = accel.slot %queries[%turn_of_queries]
// CHECK-NEXT:      %queries_of_tile = accel.slot %queries_now[%query_tile]
// CHECK-NEXT:      %turn_of_keys = arith.remui %c0, %c2 : index
// CHECK-NEXT:      %keys_now = accel.slot %keys[%turn_of_keys]
// CHECK-NEXT:      %turn_of_values = arith.remui %c0, %c2 : index
// CHECK-NEXT:      %values_now = accel.slot %values[%turn_of_values]
// CHECK-NEXT:      accel.copy_row %query[%token, %c0] to %queries_of_tile[%query_1]
// CHECK-NEXT:      accel.copy_row %key[%token, %c0] to %keys_now[%token]
// CHECK-NEXT:      accel.copy_row %value[%token, %c0] to %values_now[%token]
// CHECK-NEXT:    }
// CHECK-NEXT:    }
// CHECK-NEXT:    scf.for %unit = %c0 to %c5 step %c1 {
// CHECK-NEXT:      scf.for %key_tile = %c0 to %c2 step %c1 {
// CHECK-NEXT:        scf.for %query_2 = %c0 to %c16 step %c1 {
// CHECK-NEXT:          %key_1 = arith.muli %key_tile, %c2 : index
// CHECK-NEXT:          %is_first = arith.cmpi eq, %key_tile, %c0 : index
// CHECK-NEXT:          %has_next = arith.cmpi ult, %unit, %c1 : index
// CHECK-NEXT:          scf.if %has_next {
// CHECK-NEXT:            %head_2 = arith.divui %unit, %c1 : index
// CHECK-NEXT:            %query_tile_1 = arith.remui %unit, %c1 : index
// CHECK-NEXT:            %blocks_before = arith.muli %query_tile_1, %c2 : index
// CHECK-NEXT:            %block = arith.addi %blocks_before, %key_tile : index
// CHECK-NEXT:            %first_token = arith.muli %block, %c16 : index
// CHECK-NEXT:            %token_1 = arith.addi %first_token, %query_2 : index
// CHECK-NEXT:            %is_token = arith.cmpi ult, %token_1, %c3 : index
// CHECK-NEXT:            scf.if %is_token {
// CHECK-NEXT:              %next_head = arith.addi %head_2, %c1 : index
// CHECK-NEXT:              %next_channel = arith.muli %next_head, %c2 : index
// CHECK-NEXT:              %turn_of_queries_1 = arith.remui %next_head, %c2 : index
// CHECK-NEXT:              %queries_now_1 = accel.slot %queries[%turn_of_queries_1]
// CHECK-NEXT:              %queries_of_tile_1 = accel.slot %queries_now_1[%block]
// CHECK-NEXT:              %turn_of_keys_1 = arith.remui %next_head, %c2 : index
// CHECK-NEXT:              %keys_now_1 = accel.slot %keys[%turn_of_keys_1]
// CHECK-NEXT:              %turn_of_values_1 = arith.remui %next_head, %c2 : index
// CHECK-NEXT:              %values_now_1 = accel.slot %values[%turn_of_values_1]
// CHECK-NEXT:              accel.copy_row %query[%token_1, %next_channel] to %queries_of_tile_1[%query_2]
// CHECK-NEXT:              accel.copy_row %key[%token_1, %next_channel] to %keys_now_1[%token_1]
// CHECK-NEXT:              accel.copy_row %value[%token_1, %next_channel] to %values_now_1[%token_1]
// CHECK-NEXT:            }
// CHECK-NEXT:          }
// CHECK-NEXT:          %is_left = arith.cmpi ult, %unit, %c2 : index
// CHECK-NEXT:          scf.if %is_left {
// CHECK-NEXT:            %head_3 = arith.divui %unit, %c1 : index
// CHECK-NEXT:            %query_tile_2 = arith.remui %unit, %c1 : index
// CHECK-NEXT:            %first_query = arith.muli %query_tile_2, %c16 : index
// CHECK-NEXT:            %row_2 = arith.addi %first_query, %query_2 : index
// CHECK-NEXT:            %is_token_1 = arith.cmpi ult, %row_2, %c3 : index
// CHECK-NEXT:            scf.if %is_token_1 {
// CHECK-NEXT:              %turn_of_queries_2 = arith.remui %head_3, %c2 : index
// CHECK-NEXT:              %queries_now_2 = accel.slot %queries[%turn_of_queries_2]
// CHECK-NEXT:              %queries_of_tile_2 = accel.slot %queries_now_2[%query_tile_2]
// CHECK-NEXT:              %turn_of_keys_2 = arith.remui %head_3, %c2 : index
// CHECK-NEXT:              %keys_now_2 = accel.slot %keys[%turn_of_keys_2]
// CHECK-NEXT:              %turn_of_scores = arith.remui %unit, %c2 : index
// CHECK-NEXT:              %scores_now = accel.slot %scores[%turn_of_scores]
// CHECK-NEXT:              %turn_of_maxima = arith.remui %unit, %c2 : index
// CHECK-NEXT:              %maxima_now = accel.slot %maxima[%turn_of_maxima]
// CHECK-NEXT:              accel.score %queries_of_tile_2[%query_2], %keys_now_2[%key_1] to %scores_now, %maxima_now restart %is_first limit %c3 {lanes = 2 : i64}
// CHECK-NEXT:            }
// CHECK-NEXT:          }
// CHECK-NEXT:          %has_begun = arith.cmpi uge, %unit, %c1 : index
// CHECK-NEXT:          %is_left_1 = arith.cmpi ult, %unit, %c3 : index
// CHECK-NEXT:          %is_active = arith.andi %has_begun, %is_left_1 : i1
// CHECK-NEXT:          scf.if %is_active {
// CHECK-NEXT:            %number = arith.subi %unit, %c1 : index
// CHECK-NEXT:            %head_4 = arith.divui %number, %c1 : index
// CHECK-NEXT:            %query_tile_3 = arith.remui %number, %c1 : index
// CHECK-NEXT:            %first_query_1 = arith.muli %query_tile_3, %c16 : index
// CHECK-NEXT:            %row_3 = arith.addi %first_query_1, %query_2 : index
// CHECK-NEXT:            %is_token_2 = arith.cmpi ult, %row_3, %c3 : index
// CHECK-NEXT:            scf.if %is_token_2 {
// CHECK-NEXT:              %turn_of_scores_1 = arith.remui %number, %c2 : index
// CHECK-NEXT:              %scores_now_1 = accel.slot %scores[%turn_of_scores_1]
// CHECK-NEXT:              %turn_of_maxima_1 = arith.remui %number, %c2 : index
// CHECK-NEXT:              %maxima_now_1 = accel.slot %maxima[%turn_of_maxima_1]
// CHECK-NEXT:              %turn_of_exponential_rows = arith.remui %number, %c3 : index
// CHECK-NEXT:              %exponential_rows_now = accel.slot %exponential_rows[%turn_of_exponential_rows]
// CHECK-NEXT:              %turn_of_sums = arith.remui %number, %c2 : index
// CHECK-NEXT:              %sums_now = accel.slot %sums[%turn_of_sums]
// CHECK-NEXT:              accel.exponentiate %scores_now_1[%query_2, %key_1], %maxima_now_1, %octave, %softmax_multiplier to %exponential_rows_now, %sums_now restart %is_first limit %c3 {lanes = 2 : i64, shift = 20 : i64}
// CHECK-NEXT:            }
// CHECK-NEXT:          }
// CHECK-NEXT:          %has_begun_1 = arith.cmpi uge, %unit, %c2 : index
// CHECK-NEXT:          %is_left_2 = arith.cmpi ult, %unit, %c4 : index
// CHECK-NEXT:          %is_active_1 = arith.andi %has_begun_1, %is_left_2 : i1
// CHECK-NEXT:          scf.if %is_active_1 {
// CHECK-NEXT:            %number_1 = arith.subi %unit, %c2 : index
// CHECK-NEXT:            %head_5 = arith.divui %number_1, %c1 : index
// CHECK-NEXT:            %query_tile_4 = arith.remui %number_1, %c1 : index
// CHECK-NEXT:            %first_query_2 = arith.muli %query_tile_4, %c16 : index
// CHECK-NEXT:            %row_4 = arith.addi %first_query_2, %query_2 : index
// CHECK-NEXT:            %is_token_3 = arith.cmpi ult, %row_4, %c3 : index
// CHECK-NEXT:            scf.if %is_token_3 {
// CHECK-NEXT:              scf.if %is_first {
// CHECK-NEXT:                %turn_of_sums_1 = arith.remui %number_1, %c2 : index
// CHECK-NEXT:                %sums_now_1 = accel.slot %sums[%turn_of_sums_1]
// CHECK-NEXT:                %turn_of_inverses = arith.remui %number_1, %c2 : index
// CHECK-NEXT:                %inverses_now = accel.slot %inverses[%turn_of_inverses]
// CHECK-NEXT:                accel.reciprocal %sums_now_1 to %inverses_now at %query_2 {shift = 32 : i64}
// CHECK-NEXT:              }
// CHECK-NEXT:            }
// CHECK-NEXT:          }
// CHECK-NEXT:          %has_begun_2 = arith.cmpi uge, %unit, %c3 : index
// CHECK-NEXT:          scf.if %has_begun_2 {
// CHECK-NEXT:            %number_2 = arith.subi %unit, %c3 : index
// CHECK-NEXT:            %head_6 = arith.divui %number_2, %c1 : index
// CHECK-NEXT:            %query_tile_5 = arith.remui %number_2, %c1 : index
// CHECK-NEXT:            %first_query_3 = arith.muli %query_tile_5, %c16 : index
// CHECK-NEXT:            %row_5 = arith.addi %first_query_3, %query_2 : index
// CHECK-NEXT:            %is_token_4 = arith.cmpi ult, %row_5, %c3 : index
// CHECK-NEXT:            scf.if %is_token_4 {
// CHECK-NEXT:              %turn_of_exponential_rows_1 = arith.remui %number_2, %c3 : index
// CHECK-NEXT:              %exponential_rows_now_1 = accel.slot %exponential_rows[%turn_of_exponential_rows_1]
// CHECK-NEXT:              %turn_of_inverses_1 = arith.remui %number_2, %c2 : index
// CHECK-NEXT:              %inverses_now_1 = accel.slot %inverses[%turn_of_inverses_1]
// CHECK-NEXT:              %turn_of_values_2 = arith.remui %head_6, %c2 : index
// CHECK-NEXT:              %values_now_2 = accel.slot %values[%turn_of_values_2]
// CHECK-NEXT:              accel.mix %exponential_rows_now_1[%query_2, %key_1], %inverses_now_1, %values_now_2 to %mixed restart %is_first limit %c3 {lanes = 2 : i64, bits = 8 : i64, shift = 24 : i64}
// CHECK-NEXT:              %is_last = arith.cmpi eq, %key_tile, %c1 : index
// CHECK-NEXT:              scf.if %is_last {
// CHECK-NEXT:                %channel = arith.muli %head_6, %c2 : index
// CHECK-NEXT:                accel.store_rescaled %mixed[%query_2], %value_multiplier to %result[%row_5, %channel] {shift = 24 : i64}
// CHECK-NEXT:              }
// CHECK-NEXT:            }
// CHECK-NEXT:          }
// CHECK-NEXT:        }
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
// CHECK:           accel.normalize %input[%token_2, %channel]
// CHECK-NEXT:        %written = arith.addi %first, %token_2 : index
// CHECK-NEXT:        accel.add_rounded %scaled to %residual[%written, %channel] {shift = 14 : i64}
