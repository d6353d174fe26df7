// RUN: vaqf-opt %s -p overlap-frames | filecheck %s
// RUN: vaqf-opt %s -p overlap-frames --print-debuginfo | filecheck %s --check-prefix LOCATION
// RUN: vaqf-opt %s -p 'overlap-frames{lag=1}' | filecheck %s --check-prefix ONE

// The runs of a frame: patches and tokens; their embedding; a LayerNorm; queries and keys; attention; the
// projection; the last LayerNorm; the head; its result. The second frame is three of them behind, but for its patches,
// which wait for nothing. Attention is computed in two parts, so that it meets two linear layers.
func.func @parameters() -> (memref<5x4xi16, #accel.dram>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<256xi17, #accel.dram>) {
  %tokens, %w, %m, %o, %e = "test.op"() : () -> (memref<5x4xi16, #accel.dram>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<256xi17, #accel.dram>)
  func.return %tokens, %w, %m, %o, %e : memref<5x4xi16, #accel.dram>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<256xi17, #accel.dram>
}
func.func @forward(%image: memref<1x4x4xi8, #accel.dram> {vaqf.name = "image", accel.port = "input", accel.format = !quant.int<8, 0.5>}, %logits: memref<1x4xi16, #accel.dram> {vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<16, 0.5>}, %tokens: memref<5x4xi16, #accel.dram> {accel.port = "parameter"}, %w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %e: memref<256xi17, #accel.dram> {accel.port = "parameter"}) {
  %patches = accel.buffer : memref<4x4xi8, #accel.onchip>
  %residual = accel.buffer : memref<5x4xi16, #accel.onchip>
  %normed = accel.buffer : memref<5x4xi8, #accel.onchip>
  %query = accel.buffer : memref<5x4xi8, #accel.onchip>
  %key = accel.buffer : memref<5x4xi8, #accel.onchip>
  %mixed = accel.buffer : memref<5x4xi8, #accel.onchip>
  %last = accel.buffer : memref<1x4xi8, #accel.onchip>
  %scores = accel.buffer : memref<1x4xi16, #accel.onchip>
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %four = arith.constant 4 : index
  %five = arith.constant 5 : index
  %s = arith.constant 100 : i18
  accel.extract_patches %image to %patches {patch = array<i64: 2, 2>, order = "colours_first"} : memref<1x4x4xi8, #accel.dram>, memref<4x4xi8, #accel.onchip> loc("/patches")
  accel.load_matrix %tokens to %residual : memref<5x4xi16, #accel.dram>, memref<5x4xi16, #accel.onchip> loc("/Add")
  accel.linear %patches, %w, %m, %o to %residual at %one sizes(%four, %four, %four) {epilogues = ["add"], shifts = array<i64: 20>} : memref<4x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<5x4xi16, #accel.onchip> loc("/embed")
  accel.checkpoint "embedding"[%zero], %residual : memref<5x4xi16, #accel.onchip>
  accel.layer_norm %residual at %zero, %m, %o to %normed at %zero sizes(%five, %four) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<5x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<5x4xi8, #accel.onchip> loc("/norm1")
  accel.linear %normed, %w, %m, %o to %query at %zero sizes(%five, %four, %four) {epilogues = ["store"], shifts = array<i64: 20>} : memref<5x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<5x4xi8, #accel.onchip> loc("/query")
  accel.linear %normed, %w, %m, %o to %key at %zero sizes(%five, %four, %four) {epilogues = ["store"], shifts = array<i64: 21>} : memref<5x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<5x4xi8, #accel.onchip> loc("/key")
  accel.attention %query, %key, %key, %e, %s, %s to %mixed {heads = 4 : i64, probability_bits = 8 : i64, softmax_shift = 20 : i64, value_shift = 24 : i64} : memref<5x4xi8, #accel.onchip>, memref<5x4xi8, #accel.onchip>, memref<5x4xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<5x4xi8, #accel.onchip> loc("/attn")
  accel.linear %mixed, %w, %m, %o to %residual at %zero sizes(%five, %four, %four) {epilogues = ["add"], shifts = array<i64: 22>} : memref<5x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<5x4xi16, #accel.onchip> loc("/proj")
  accel.checkpoint "attention"[%zero], %residual : memref<5x4xi16, #accel.onchip>
  accel.layer_norm %residual at %zero, %m, %o to %last at %zero sizes(%one, %four) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 26>} : memref<5x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<1x4xi8, #accel.onchip> loc("/norm")
  accel.linear %last, %w, %m, %o to %scores at %zero sizes(%one, %four, %four) {epilogues = ["store"], shifts = array<i64: 23>} : memref<1x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<1x4xi16, #accel.onchip> loc("/head")
  accel.store_matrix %scores to %logits : memref<1x4xi16, #accel.onchip>, memref<1x4xi16, #accel.dram> loc("logits")
  func.return
}
// CHECK:       func.func @forward(%image: memref<2x1x4x4xi8, #accel.dram> {vaqf.name = "image", accel.port = "input", accel.format = !quant.int<8, 0.5>}, %logits: memref<2x1x4xi16, #accel.dram> {vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<16, 0.5>}, %tokens: memref<5x4xi16, #accel.dram> {accel.port = "parameter"}, %w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %e: memref<256xi17, #accel.dram> {accel.port = "parameter"}) attributes {accel.frames = 2 : i64} {
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %patches = accel.buffer
// CHECK-NEXT:    %second_patches = accel.buffer
// CHECK-NEXT:    %residual = accel.buffer
// CHECK-NEXT:    %second_residual = accel.buffer
// CHECK-NEXT:    %normed = accel.buffer
// CHECK-NEXT:    %second_normed = accel.buffer
// CHECK-NEXT:    %query = accel.buffer
// CHECK-NEXT:    %second_query = accel.buffer
// CHECK-NEXT:    %key = accel.buffer
// CHECK-NEXT:    %second_key = accel.buffer
// CHECK-NEXT:    %mixed = accel.buffer
// CHECK-NEXT:    %second_mixed = accel.buffer
// CHECK-NEXT:    %last = accel.buffer
// CHECK-NEXT:    %second_last = accel.buffer
// CHECK-NEXT:    %scores = accel.buffer
// CHECK-NEXT:    %second_scores = accel.buffer
// CHECK-NEXT:    %zero = arith.constant 0 : index
// CHECK-NEXT:    %one = arith.constant 1 : index
// CHECK-NEXT:    %four = arith.constant 4 : index
// CHECK-NEXT:    %five = arith.constant 5 : index
// CHECK-NEXT:    %s = arith.constant 100 : i18
// CHECK-NEXT:    %image_1 = accel.select %image[%c0]
// CHECK-NEXT:    %image_2 = accel.select %image[%c1]
// CHECK-NEXT:    %logits_1 = accel.select %logits[%c0]
// CHECK-NEXT:    %logits_2 = accel.select %logits[%c1]
// CHECK-NEXT:    accel.concurrent {
// CHECK-NEXT:      accel.extract_patches %image_1 to %patches
// CHECK-NEXT:    } {
// CHECK-NEXT:      accel.load_matrix %tokens to %residual
// CHECK-NEXT:    }
// CHECK-NEXT:    accel.concurrent {
// CHECK-NEXT:      accel.linear %patches, %w, %m, %o to %residual at %one sizes(%four, %four, %four)
// CHECK-NEXT:    } {
// CHECK-NEXT:      accel.extract_patches %image_2 to %second_patches
// CHECK-NEXT:    } {
// CHECK-NEXT:      accel.load_matrix %tokens to %second_residual
// CHECK-NEXT:    }
// CHECK-NEXT:    accel.checkpoint "embedding"[%zero], %residual
// CHECK-NEXT:    accel.layer_norm %residual at %zero, %m, %o to %normed at %zero sizes(%five, %four)
// CHECK-NEXT:    accel.linear %normed, %w, %m, %o to %query at %zero sizes(%five, %four, %four)
// CHECK-NEXT:    accel.linear %normed, %w, %m, %o to %key at %zero sizes(%five, %four, %four)
// CHECK-NEXT:    accel.concurrent {
// CHECK-NEXT:      accel.attention %query, %key, %key, %e, %s, %s to %mixed heads(%c0, %c2)
// CHECK-NEXT:    } {
// CHECK-NEXT:      accel.linear %second_patches, %w, %m, %o to %second_residual at %one sizes(%four, %four, %four)
// CHECK-NEXT:    }
// CHECK-NEXT:    accel.checkpoint "embedding"[%zero], %second_residual {frame = 1 : i64}
// CHECK-NEXT:    accel.attention %query, %key, %key, %e, %s, %s to %mixed heads(%c2, %c2)
// CHECK-NEXT:    accel.concurrent {
// CHECK-NEXT:      accel.linear %mixed, %w, %m, %o to %residual at %zero sizes(%five, %four, %four)
// CHECK-NEXT:    } {
// CHECK-NEXT:      accel.layer_norm %second_residual at %zero, %m, %o to %second_normed at %zero sizes(%five, %four)
// CHECK-NEXT:    }
// CHECK-NEXT:    accel.checkpoint "attention"[%zero], %residual
// CHECK-NEXT:    accel.concurrent {
// CHECK-NEXT:      accel.layer_norm %residual at %zero, %m, %o to %last at %zero sizes(%one, %four)
// CHECK-NEXT:    } {
// CHECK-NEXT:      accel.linear %second_normed, %w, %m, %o to %second_query at %zero sizes(%five, %four, %four)
// CHECK-NEXT:    }
// CHECK-NEXT:    accel.linear %second_normed, %w, %m, %o to %second_key at %zero sizes(%five, %four, %four)
// CHECK-NEXT:    accel.concurrent {
// CHECK-NEXT:      accel.linear %last, %w, %m, %o to %scores at %zero sizes(%one, %four, %four)
// CHECK-NEXT:    } {
// CHECK-NEXT:      accel.attention %second_query, %second_key, %second_key, %e, %s, %s to %second_mixed heads(%c0, %c2)
// CHECK-NEXT:    }
// CHECK-NEXT:    accel.attention %second_query, %second_key, %second_key, %e, %s, %s to %second_mixed heads(%c2, %c2)
// CHECK-NEXT:    accel.concurrent {
// CHECK-NEXT:      accel.store_matrix %scores to %logits_1
// CHECK-NEXT:    } {
// CHECK-NEXT:      accel.linear %second_mixed, %w, %m, %o to %second_residual at %zero sizes(%five, %four, %four)
// CHECK-NEXT:    }
// CHECK-NEXT:    accel.checkpoint "attention"[%zero], %second_residual {frame = 1 : i64}
// CHECK-NEXT:    accel.layer_norm %second_residual at %zero, %m, %o to %second_last at %zero sizes(%one, %four)
// CHECK-NEXT:    accel.linear %second_last, %w, %m, %o to %second_scores at %zero sizes(%one, %four, %four)
// CHECK-NEXT:    accel.store_matrix %second_scores to %logits_2
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }
// ONE:         accel.concurrent {
// ONE-NEXT:      accel.extract_patches %image_1 to %patches
// ONE-NEXT:    } {
// ONE-NEXT:      accel.load_matrix %tokens to %residual
// ONE-NEXT:    }
// ONE-NEXT:    accel.concurrent {
// ONE-NEXT:      accel.linear %patches, %w, %m, %o to %residual at %one sizes(%four, %four, %four)
// ONE-NEXT:    } {
// ONE-NEXT:      accel.extract_patches %image_2 to %second_patches
// ONE-NEXT:    } {
// ONE-NEXT:      accel.load_matrix %tokens to %second_residual
// ONE-NEXT:    }
// ONE-NEXT:    accel.checkpoint "embedding"[%zero], %residual
// ONE-NEXT:    accel.concurrent {
// ONE-NEXT:      accel.layer_norm %residual at %zero, %m, %o to %normed at %zero sizes(%five, %four)
// ONE-NEXT:    } {
// ONE-NEXT:      accel.linear %second_patches, %w, %m, %o to %second_residual at %one sizes(%four, %four, %four)
// ONE-NEXT:    }
// ONE-NEXT:    accel.checkpoint "embedding"[%zero], %second_residual {frame = 1 : i64}
// ONE-NEXT:    accel.concurrent {
// ONE-NEXT:      accel.linear %normed, %w, %m, %o to %query at %zero sizes(%five, %four, %four)
// ONE-NEXT:    } {
// ONE-NEXT:      accel.layer_norm %second_residual at %zero, %m, %o to %second_normed at %zero sizes(%five, %four)
// ONE-NEXT:    }
// ONE-NEXT:    accel.linear %normed, %w, %m, %o to %key at %zero sizes(%five, %four, %four)
// ONE-NEXT:    accel.concurrent {
// ONE-NEXT:      accel.attention %query, %key, %key, %e, %s, %s to %mixed heads(%c0, %c2)
// ONE-NEXT:    } {
// ONE-NEXT:      accel.linear %second_normed, %w, %m, %o to %second_query at %zero sizes(%five, %four, %four)
// ONE-NEXT:    }
// ONE-NEXT:    accel.concurrent {
// ONE-NEXT:      accel.attention %query, %key, %key, %e, %s, %s to %mixed heads(%c2, %c2)
// ONE-NEXT:    } {
// ONE-NEXT:      accel.linear %second_normed, %w, %m, %o to %second_key at %zero sizes(%five, %four, %four)
// ONE-NEXT:    }
// ONE-NEXT:    accel.concurrent {
// ONE-NEXT:      accel.linear %mixed, %w, %m, %o to %residual at %zero sizes(%five, %four, %four)
// ONE-NEXT:    } {
// ONE-NEXT:      accel.attention %second_query, %second_key, %second_key, %e, %s, %s to %second_mixed heads(%c0, %c2)
// ONE-NEXT:    }
// ONE-NEXT:    accel.checkpoint "attention"[%zero], %residual
// ONE-NEXT:    accel.attention %second_query, %second_key, %second_key, %e, %s, %s to %second_mixed heads(%c2, %c2)
// ONE-NEXT:    accel.concurrent {
// ONE-NEXT:      accel.layer_norm %residual at %zero, %m, %o to %last at %zero sizes(%one, %four)
// ONE-NEXT:    } {
// ONE-NEXT:      accel.linear %second_mixed, %w, %m, %o to %second_residual at %zero sizes(%five, %four, %four)
// ONE-NEXT:    }
// ONE-NEXT:    accel.checkpoint "attention"[%zero], %second_residual {frame = 1 : i64}
// ONE-NEXT:    accel.concurrent {
// ONE-NEXT:      accel.linear %last, %w, %m, %o to %scores at %zero sizes(%one, %four, %four)
// ONE-NEXT:    } {
// ONE-NEXT:      accel.layer_norm %second_residual at %zero, %m, %o to %second_last at %zero sizes(%one, %four)
// ONE-NEXT:    }
// ONE-NEXT:    accel.concurrent {
// ONE-NEXT:      accel.store_matrix %scores to %logits_1
// ONE-NEXT:    } {
// ONE-NEXT:      accel.linear %second_last, %w, %m, %o to %second_scores at %zero sizes(%one, %four, %four)
// ONE-NEXT:    }
// ONE-NEXT:    accel.store_matrix %second_scores to %logits_2
// ONE-NEXT:    func.return
// ONE-NEXT:  }
// LOCATION:    accel.select %image[%c0] {{.*}} loc("/patches")
// LOCATION:    accel.load_matrix {{.*}} loc("/Add")
// LOCATION:    } loc(fused["/embed", "/patches", "/Add"])
// LOCATION:    accel.attention {{.*}} loc("/attn")
// LOCATION:    } loc(fused["/attn", "/embed"])
