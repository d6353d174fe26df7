// RUN: vaqf-opt %s -p share-engines --split-input-file | filecheck %s
// RUN: vaqf-opt %s -p share-engines --split-input-file --print-debuginfo | filecheck %s --check-prefix LOCATION

// Layers of a kind that differ in some sizes become calls of one engine. The sizes in which they differ are
// its arguments, others are constants in it, and matrices of different sizes are passed as dynamic ones.
func.func @forward(%norm1_m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %norm1_o: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %norm_m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %norm_o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c6 = arith.constant 6 : index
  %x = accel.buffer : memref<3x4xi16, #accel.onchip>
  %y = accel.buffer : memref<3x4xi8, #accel.onchip>
  %z = accel.buffer : memref<1x4xi8, #accel.onchip>
  accel.layer_norm %x at %c0, %norm1_m, %norm1_o to %y at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/norm1/LayerNormalization")
  accel.layer_norm %x at %c2, %norm_m, %norm_o to %z at %c0 sizes(%c1, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<1x4xi8, #accel.onchip> loc("/norm/LayerNormalization")
  func.return
}
// CHECK:       func.func private @layer_norm(%input: memref<3x4xi16, #accel.onchip>, %first_read: index, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<?x4xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "layer_norm"} {
// CHECK-NEXT:    %first = arith.constant 0 : index
// CHECK-NEXT:    %channels = arith.constant 4 : index
// CHECK-NEXT:    accel.layer_norm %input at %first_read, %multiplier, %offset to %result at %first sizes(%tokens, %channels) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>}
// CHECK-NEXT:    func.return
// CHECK:       func.func @forward
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c3 = arith.constant 3 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c6 = arith.constant 6 : index
// CHECK-NEXT:    %x = accel.buffer : memref<3x4xi16, #accel.onchip>
// CHECK-NEXT:    %y = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    %z = accel.buffer : memref<1x4xi8, #accel.onchip>
// CHECK-NEXT:    %y_1 = "memref.cast"(%y) : (memref<3x4xi8, #accel.onchip>) -> memref<?x4xi8, #accel.onchip>
// CHECK-NEXT:    %z_1 = "memref.cast"(%z) : (memref<1x4xi8, #accel.onchip>) -> memref<?x4xi8, #accel.onchip>
// CHECK-NEXT:    func.call @layer_norm(%x, %c0, %norm1_m, %norm1_o, %y_1, %c3) : (memref<3x4xi16, #accel.onchip>, index, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<?x4xi8, #accel.onchip>, index) -> ()
// CHECK-NEXT:    func.call @layer_norm(%x, %c2, %norm_m, %norm_o, %z_1, %c1) : (memref<3x4xi16, #accel.onchip>, index, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<?x4xi8, #accel.onchip>, index) -> ()
// CHECK-NEXT:    func.return
// LOCATION:    accel.layer_norm {{.*}} loc(fused["/norm1/LayerNormalization", "/norm/LayerNormalization"])
// LOCATION:    func.call @layer_norm{{.*}} loc("/norm1/LayerNormalization")
// LOCATION:    func.call @layer_norm{{.*}} loc("/norm/LayerNormalization")

// -----

// What is computed with must be equal: two values of epsilon are two engines.
func.func @forward(%norm1_m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %norm1_o: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %norm2_m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %norm2_o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c6 = arith.constant 6 : index
  %x = accel.buffer : memref<3x4xi16, #accel.onchip>
  %y = accel.buffer : memref<3x4xi8, #accel.onchip>
  accel.layer_norm %x at %c0, %norm1_m, %norm1_o to %y at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/norm1/LayerNormalization")
  accel.layer_norm %x at %c0, %norm2_m, %norm2_o to %y at %c0 sizes(%c3, %c4) {epsilon = 10 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/norm2/LayerNormalization")
  func.return
}
// CHECK:       func.func private @layer_norm(%input: memref<3x4xi16, #accel.onchip>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<3x4xi8, #accel.onchip>) attributes {accel.engine = "layer_norm"} {
// CHECK-NEXT:    %first_read = arith.constant 0 : index
// CHECK-NEXT:    %first = arith.constant 0 : index
// CHECK-NEXT:    %tokens = arith.constant 3 : index
// CHECK-NEXT:    %channels = arith.constant 4 : index
// CHECK-NEXT:    accel.layer_norm %input at %first_read, %multiplier, %offset to %result at %first sizes(%tokens, %channels) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>}
// CHECK-NEXT:    func.return
// CHECK:       func.func private @layer_norm_2(%input: memref<3x4xi16, #accel.onchip>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<3x4xi8, #accel.onchip>) attributes {accel.engine = "layer_norm"} {
// CHECK-NEXT:    %first_read = arith.constant 0 : index
// CHECK-NEXT:    %first = arith.constant 0 : index
// CHECK-NEXT:    %tokens = arith.constant 3 : index
// CHECK-NEXT:    %channels = arith.constant 4 : index
// CHECK-NEXT:    accel.layer_norm %input at %first_read, %multiplier, %offset to %result at %first sizes(%tokens, %channels) {epsilon = 10 : i64, epilogues = ["store"], shifts = array<i64: 25>}
// CHECK-NEXT:    func.return
// CHECK:       func.func @forward
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c3 = arith.constant 3 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c6 = arith.constant 6 : index
// CHECK-NEXT:    %x = accel.buffer : memref<3x4xi16, #accel.onchip>
// CHECK-NEXT:    %y = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    func.call @layer_norm(%x, %norm1_m, %norm1_o, %y) : (memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<3x4xi8, #accel.onchip>) -> ()
// CHECK-NEXT:    func.call @layer_norm_2(%x, %norm2_m, %norm2_o, %y) : (memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<3x4xi8, #accel.onchip>) -> ()
// CHECK-NEXT:    func.return

// -----

// One engine for linear layers has all their epilogues, and a call selects one. It passes some matrix or table
// where the engine's other epilogues have one. Integer weights are multiplied by another engine.
func.func @forward(%query_w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %query_m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %query_o: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %fc1_w: memref<6x4xi1, #accel.dram> {accel.port = "parameter"}, %fc1_m: memref<6xi18, #accel.dram> {accel.port = "parameter"}, %fc1_o: memref<6xi48, #accel.dram> {accel.port = "parameter"}, %gelu: memref<256xi8, #accel.dram> {accel.port = "parameter"}, %fc2_w: memref<4x6xi1, #accel.dram> {accel.port = "parameter"}, %fc2_m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %fc2_o: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %head_w: memref<4x4xi8, #accel.dram> {accel.port = "parameter"}, %head_m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %head_o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c6 = arith.constant 6 : index
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  %query = accel.buffer : memref<3x4xi8, #accel.onchip>
  %hidden = accel.buffer : memref<3x6xi8, #accel.onchip>
  %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
  %scores = accel.buffer : memref<3x4xi8, #accel.onchip>
  accel.linear %x, %query_w, %query_m, %query_o to %query at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/query/MatMul")
  accel.linear %x, %fc1_w, %fc1_m, %fc1_o table %gelu to %hidden at %c0 sizes(%c3, %c4, %c6) {epilogues = ["gelu"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<6x4xi1, #accel.dram>, memref<6xi18, #accel.dram>, memref<6xi48, #accel.dram> table memref<256xi8, #accel.dram> to memref<3x6xi8, #accel.onchip> loc("/fc1/MatMul")
  accel.linear %hidden, %fc2_w, %fc2_m, %fc2_o to %residual at %c0 sizes(%c3, %c6, %c4) {epilogues = ["add"], shifts = array<i64: 14>} : memref<3x6xi8, #accel.onchip>, memref<4x6xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi16, #accel.onchip> loc("/fc2/MatMul")
  accel.linear %x, %head_w, %head_m, %head_o to %scores at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 16>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi8, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/head/MatMul")
  func.return
}
// CHECK:       func.func private @binary_matmul(%activation: memref<3x?xi8, #accel.onchip>, %weight: memref<?x?xi1, #accel.dram>, %multiplier: memref<?xi18, #accel.dram>, %offset: memref<?xi48, #accel.dram>, %table: memref<256xi8, #accel.dram>, %result: memref<3x?xi8, #accel.onchip>, %residual: memref<3x4xi16, #accel.onchip>, %inputs: index, %outputs: index, %epilogue: index) attributes {accel.engine = "binary_matmul"} {
// CHECK-NEXT:    %first = arith.constant 0 : index
// CHECK-NEXT:    %tokens = arith.constant 3 : index
// CHECK-NEXT:    accel.linear %activation, %weight, %multiplier, %offset table %table to %result, %result, %residual at %first sizes(%tokens, %inputs, %outputs) epilogue %epilogue {epilogues = ["store", "gelu", "add"], shifts = array<i64: 20, 20, 14>}
// CHECK-NEXT:    func.return
// CHECK:       func.func private @integer_matmul(%activation: memref<3x4xi8, #accel.onchip>, %weight: memref<4x4xi8, #accel.dram>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<3x4xi8, #accel.onchip>) attributes {accel.engine = "integer_matmul"} {
// CHECK-NEXT:    %first = arith.constant 0 : index
// CHECK-NEXT:    %tokens = arith.constant 3 : index
// CHECK-NEXT:    %inputs = arith.constant 4 : index
// CHECK-NEXT:    %outputs = arith.constant 4 : index
// CHECK-NEXT:    accel.linear %activation, %weight, %multiplier, %offset to %result at %first sizes(%tokens, %inputs, %outputs) {epilogues = ["store"], shifts = array<i64: 16>}
// CHECK-NEXT:    func.return
// CHECK:       func.func @forward
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c3 = arith.constant 3 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c6 = arith.constant 6 : index
// CHECK-NEXT:    %x = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    %query = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    %hidden = accel.buffer : memref<3x6xi8, #accel.onchip>
// CHECK-NEXT:    %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
// CHECK-NEXT:    %scores = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    %c0_1 = arith.constant 0 : index
// CHECK-NEXT:    %c1_1 = arith.constant 1 : index
// CHECK-NEXT:    %c2_1 = arith.constant 2 : index
// CHECK-NEXT:    %x_1 = "memref.cast"(%x) : (memref<3x4xi8, #accel.onchip>) -> memref<3x?xi8, #accel.onchip>
// CHECK-NEXT:    %query_w_1 = "memref.cast"(%query_w) : (memref<4x4xi1, #accel.dram>) -> memref<?x?xi1, #accel.dram>
// CHECK-NEXT:    %query_m_1 = "memref.cast"(%query_m) : (memref<4xi18, #accel.dram>) -> memref<?xi18, #accel.dram>
// CHECK-NEXT:    %query_o_1 = "memref.cast"(%query_o) : (memref<4xi48, #accel.dram>) -> memref<?xi48, #accel.dram>
// CHECK-NEXT:    %query_1 = "memref.cast"(%query) : (memref<3x4xi8, #accel.onchip>) -> memref<3x?xi8, #accel.onchip>
// CHECK-NEXT:    %fc1_w_1 = "memref.cast"(%fc1_w) : (memref<6x4xi1, #accel.dram>) -> memref<?x?xi1, #accel.dram>
// CHECK-NEXT:    %fc1_m_1 = "memref.cast"(%fc1_m) : (memref<6xi18, #accel.dram>) -> memref<?xi18, #accel.dram>
// CHECK-NEXT:    %fc1_o_1 = "memref.cast"(%fc1_o) : (memref<6xi48, #accel.dram>) -> memref<?xi48, #accel.dram>
// CHECK-NEXT:    %hidden_1 = "memref.cast"(%hidden) : (memref<3x6xi8, #accel.onchip>) -> memref<3x?xi8, #accel.onchip>
// CHECK-NEXT:    %fc2_w_1 = "memref.cast"(%fc2_w) : (memref<4x6xi1, #accel.dram>) -> memref<?x?xi1, #accel.dram>
// CHECK-NEXT:    %fc2_m_1 = "memref.cast"(%fc2_m) : (memref<4xi18, #accel.dram>) -> memref<?xi18, #accel.dram>
// CHECK-NEXT:    %fc2_o_1 = "memref.cast"(%fc2_o) : (memref<4xi48, #accel.dram>) -> memref<?xi48, #accel.dram>
// CHECK-NEXT:    func.call @binary_matmul(%x_1, %query_w_1, %query_m_1, %query_o_1, %gelu, %query_1, %residual, %c4, %c4, %c0_1) : (memref<3x?xi8, #accel.onchip>, memref<?x?xi1, #accel.dram>, memref<?xi18, #accel.dram>, memref<?xi48, #accel.dram>, memref<256xi8, #accel.dram>, memref<3x?xi8, #accel.onchip>, memref<3x4xi16, #accel.onchip>, index, index, index) -> ()
// CHECK-NEXT:    func.call @binary_matmul(%x_1, %fc1_w_1, %fc1_m_1, %fc1_o_1, %gelu, %hidden_1, %residual, %c4, %c6, %c1_1) : (memref<3x?xi8, #accel.onchip>, memref<?x?xi1, #accel.dram>, memref<?xi18, #accel.dram>, memref<?xi48, #accel.dram>, memref<256xi8, #accel.dram>, memref<3x?xi8, #accel.onchip>, memref<3x4xi16, #accel.onchip>, index, index, index) -> ()
// CHECK-NEXT:    func.call @binary_matmul(%hidden_1, %fc2_w_1, %fc2_m_1, %fc2_o_1, %gelu, %query_1, %residual, %c6, %c4, %c2_1) : (memref<3x?xi8, #accel.onchip>, memref<?x?xi1, #accel.dram>, memref<?xi18, #accel.dram>, memref<?xi48, #accel.dram>, memref<256xi8, #accel.dram>, memref<3x?xi8, #accel.onchip>, memref<3x4xi16, #accel.onchip>, index, index, index) -> ()
// CHECK-NEXT:    func.call @integer_matmul(%x, %head_w, %head_m, %head_o, %scores) : (memref<3x4xi8, #accel.onchip>, memref<4x4xi8, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<3x4xi8, #accel.onchip>) -> ()
// CHECK-NEXT:    func.return

// -----

// An epilogue has one shift: a layer that needs another one has an epilogue of its own, which writes the same matrices.
func.func @forward(%query_w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %query_m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %query_o: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %key_w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %key_m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %key_o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c6 = arith.constant 6 : index
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  %query = accel.buffer : memref<3x4xi8, #accel.onchip>
  %key = accel.buffer : memref<3x4xi8, #accel.onchip>
  accel.linear %x, %query_w, %query_m, %query_o to %query at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/query/MatMul")
  accel.linear %x, %key_w, %key_m, %key_o to %key at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 19>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/key/MatMul")
  func.return
}
// CHECK:       func.func private @binary_matmul(%activation: memref<3x4xi8, #accel.onchip>, %weight: memref<4x4xi1, #accel.dram>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<3x4xi8, #accel.onchip>, %epilogue: index) attributes {accel.engine = "binary_matmul"} {
// CHECK:         accel.linear %activation, %weight, %multiplier, %offset to %result, %result at %first sizes(%tokens, %inputs, %outputs) epilogue %epilogue {epilogues = ["store", "store"], shifts = array<i64: 20, 19>}
// CHECK:         func.call @binary_matmul(%x, %query_w, %query_m, %query_o, %query, %c0_1)
// CHECK-NEXT:    func.call @binary_matmul(%x, %key_w, %key_m, %key_o, %key, %c1_1)
// CHECK-NEXT:    func.return

// -----

// Layers in a loop and outside of it share. Selections stay with the loop; a cast of a buffer is made once.
func.func @forward(%m: memref<2x4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<2x4xi48, #accel.dram> {accel.port = "parameter"}, %norm_m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %norm_o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c6 = arith.constant 6 : index
  %x = accel.buffer : memref<3x4xi16, #accel.onchip>
  %y = accel.buffer : memref<3x4xi8, #accel.onchip>
  %z = accel.buffer : memref<1x4xi8, #accel.onchip>
  scf.for %layer = %c0 to %c2 step %c1 {
    %layer_m = accel.select %m[%layer] : memref<2x4xi18, #accel.dram> -> memref<4xi18, #accel.dram>
    %layer_o = accel.select %o[%layer] : memref<2x4xi48, #accel.dram> -> memref<4xi48, #accel.dram>
    accel.layer_norm %x at %c0, %layer_m, %layer_o to %y at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/norm1/LayerNormalization")
    accel.layer_norm %x at %c0, %layer_m, %layer_o to %y at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/norm2/LayerNormalization")
  }
  accel.layer_norm %x at %c0, %norm_m, %norm_o to %z at %c0 sizes(%c1, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<1x4xi8, #accel.onchip> loc("/norm/LayerNormalization")
  func.return
}
// CHECK:       func.func private @layer_norm(%input: memref<3x4xi16, #accel.onchip>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<?x4xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "layer_norm"} {
// CHECK-NEXT:    %first_read = arith.constant 0 : index
// CHECK-NEXT:    %first = arith.constant 0 : index
// CHECK-NEXT:    %channels = arith.constant 4 : index
// CHECK-NEXT:    accel.layer_norm %input at %first_read, %multiplier, %offset to %result at %first sizes(%tokens, %channels) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>}
// CHECK-NEXT:    func.return
// CHECK:       func.func @forward
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c3 = arith.constant 3 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c6 = arith.constant 6 : index
// CHECK-NEXT:    %x = accel.buffer : memref<3x4xi16, #accel.onchip>
// CHECK-NEXT:    %y = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    %z = accel.buffer : memref<1x4xi8, #accel.onchip>
// CHECK-NEXT:    %y_1 = "memref.cast"(%y) : (memref<3x4xi8, #accel.onchip>) -> memref<?x4xi8, #accel.onchip>
// CHECK-NEXT:    %z_1 = "memref.cast"(%z) : (memref<1x4xi8, #accel.onchip>) -> memref<?x4xi8, #accel.onchip>
// CHECK-NEXT:    scf.for %layer = %c0 to %c2 step %c1 {
// CHECK-NEXT:      %layer_m = accel.select %m[%layer] : memref<2x4xi18, #accel.dram> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:      %layer_o = accel.select %o[%layer] : memref<2x4xi48, #accel.dram> -> memref<4xi48, #accel.dram>
// CHECK-NEXT:      func.call @layer_norm(%x, %layer_m, %layer_o, %y_1, %c3) : (memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<?x4xi8, #accel.onchip>, index) -> ()
// CHECK-NEXT:      func.call @layer_norm(%x, %layer_m, %layer_o, %y_1, %c3) : (memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<?x4xi8, #accel.onchip>, index) -> ()
// CHECK:         func.call @layer_norm(%x, %norm_m, %norm_o, %z_1, %c1) : (memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<?x4xi8, #accel.onchip>, index) -> ()
// CHECK-NEXT:    func.return

// -----

// An engine reaches a memory outside of the device through one port: each result has its own.
func.func @parameters() {
  func.return
}
func.func @forward(%a: memref<3x4xi16, #accel.dram> {accel.port = "output"}, %b: memref<3x4xi16, #accel.dram> {accel.port = "output"}) {
  %x = accel.buffer : memref<3x4xi16, #accel.onchip>
  %y = accel.buffer : memref<3x4xi16, #accel.onchip>
  accel.store_matrix %x to %a : memref<3x4xi16, #accel.onchip>, memref<3x4xi16, #accel.dram>
  accel.store_matrix %y to %b : memref<3x4xi16, #accel.onchip>, memref<3x4xi16, #accel.dram>
  func.return
}
// CHECK:       func.func private @store_matrix(
// CHECK:       func.func private @store_matrix_2(
// CHECK:         func.call @store_matrix(%x, %a)
// CHECK-NEXT:    func.call @store_matrix_2(%y, %b)

// -----

// An engine writes matrices of several widths, each through an argument of its own; what is added comes last. Where
// values are narrower than their elements, every call says how many bits they have.
func.func @forward(%w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  %y = accel.buffer : memref<3x4xi8, #accel.onchip>
  %query = accel.buffer : memref<3x4xi6, #accel.onchip>
  %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
  %bits = arith.constant 5 : i6
  accel.linear %x, %w, %m, %o to %query at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi6, #accel.onchip>
  accel.linear %x, %w, %m, %o to %residual at %c0 sizes(%c3, %c4, %c4) {epilogues = ["add"], shifts = array<i64: 14>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi16, #accel.onchip>
  accel.linear %x, %w, %m, %o to %y at %c0 sizes(%c3, %c4, %c4) bits %bits {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip>
  func.return
}
// CHECK:       func.func private @binary_matmul(%activation: memref<3x4xi8, #accel.onchip>, %weight: memref<4x4xi1, #accel.dram>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<3x4xi6, #accel.onchip>, %result_1: memref<3x4xi8, #accel.onchip>, %residual: memref<3x4xi16, #accel.onchip>, %epilogue: index, %bits: i6) attributes {accel.engine = "binary_matmul"} {
// CHECK:         accel.linear %activation, %weight, %multiplier, %offset to %result, %residual, %result_1 at %first sizes(%tokens, %inputs, %outputs) epilogue %epilogue bits %bits {epilogues = ["store", "add", "store"], shifts = array<i64: 20, 14, 20>}
// CHECK:         %bits = arith.constant 5 : i6
// CHECK:         %bits_1 = arith.constant 6 : i6
// CHECK:         %bits_2 = arith.constant 16 : i6
// CHECK:         func.call @binary_matmul(%x, %w, %m, %o, %query, %y, %residual, %c0_1, %bits_1)
// CHECK-NEXT:    func.call @binary_matmul(%x, %w, %m, %o, %query, %y, %residual, %c1, %bits_2)
// CHECK-NEXT:    func.call @binary_matmul(%x, %w, %m, %o, %query, %y, %residual, %c2, %bits)
// CHECK-NEXT:    func.return

// -----

// LayerNorms share an engine as well when what they write differs.
func.func @forward(%m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %x = accel.buffer : memref<3x4xi16, #accel.onchip>
  %y = accel.buffer : memref<3x4xi6, #accel.onchip>
  %z = accel.buffer : memref<3x4xi8, #accel.onchip>
  accel.layer_norm %x at %c0, %m, %o to %y at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi6, #accel.onchip>
  accel.layer_norm %x at %c0, %m, %o to %z at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 23>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip>
  func.return
}
// CHECK:       func.func private @layer_norm(%input: memref<3x4xi16, #accel.onchip>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<3x4xi6, #accel.onchip>, %result_1: memref<3x4xi8, #accel.onchip>, %epilogue: index) attributes {accel.engine = "layer_norm"} {
// CHECK:         accel.layer_norm %input at %first_read, %multiplier, %offset to %result, %result_1 at %first sizes(%tokens, %channels) epilogue %epilogue {epsilon = 9 : i64, epilogues = ["store", "store"], shifts = array<i64: 25, 23>}
// CHECK:         func.call @layer_norm(%x, %m, %o, %y, %z, %c0_1)
// CHECK-NEXT:    func.call @layer_norm(%x, %m, %o, %y, %z, %c1)
// CHECK-NEXT:    func.return

// -----

// What an engine gets and leaves alone is none of what runs beside it; and one engine writes a port, whatever part of it.
func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %w, %m, %o = "test.op"() : () -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>)
  func.return %w, %m, %o : memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func @forward(%logits: memref<2x3x4xi16, #accel.dram> {vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<16, 0.5>}, %w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %three = arith.constant 3 : index
  %four = arith.constant 4 : index
  %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
  %second_residual = accel.buffer : memref<3x4xi16, #accel.onchip>
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  %y = accel.buffer : memref<3x4xi8, #accel.onchip>
  %z = accel.buffer : memref<3x4xi8, #accel.onchip>
  %one_row = accel.buffer : memref<1x4xi8, #accel.onchip>
  %logits_of_first = accel.select %logits[%zero] : memref<2x3x4xi16, #accel.dram> -> memref<3x4xi16, #accel.dram>
  %logits_of_second = accel.select %logits[%one] : memref<2x3x4xi16, #accel.dram> -> memref<3x4xi16, #accel.dram>
  accel.linear %x, %w, %m, %o to %residual at %zero sizes(%three, %four, %four) {epilogues = ["add"], shifts = array<i64: 14>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi16, #accel.onchip>
  accel.concurrent {
    accel.linear %x, %w, %m, %o to %y at %zero sizes(%three, %four, %four) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip>
  } {
    accel.layer_norm %residual at %zero, %m, %o to %z at %zero sizes(%three, %four) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip>
  }
  accel.concurrent {
    accel.linear %y, %w, %m, %o to %second_residual at %zero sizes(%three, %four, %four) {epilogues = ["add"], shifts = array<i64: 14>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi16, #accel.onchip>
  } {
    accel.layer_norm %residual at %zero, %m, %o to %one_row at %zero sizes(%one, %four) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<1x4xi8, #accel.onchip>
  }
  accel.store_matrix %residual to %logits_of_first : memref<3x4xi16, #accel.onchip>, memref<3x4xi16, #accel.dram>
  accel.store_matrix %second_residual to %logits_of_second : memref<3x4xi16, #accel.onchip>, memref<3x4xi16, #accel.dram>
  func.return
}
// CHECK:       func.func private @store_matrix(%matrix: memref<3x4xi16, #accel.onchip>, %destination: memref<3x4xi16, #accel.dram>) attributes {accel.engine = "store_matrix"} {
// CHECK-NEXT:    accel.store_matrix %matrix to %destination
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }
// CHECK-NEXT:  func.func private @layer_norm(%input: memref<3x4xi16, #accel.onchip>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<?x4xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "layer_norm"} {
// CHECK-NEXT:    %first_read = arith.constant 0 : index
// CHECK-NEXT:    %first = arith.constant 0 : index
// CHECK-NEXT:    %channels = arith.constant 4 : index
// CHECK-NEXT:    accel.layer_norm %input at %first_read, %multiplier, %offset to %result at %first sizes(%tokens, %channels)
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }
// CHECK-NEXT:  func.func private @binary_matmul(%activation: memref<3x4xi8, #accel.onchip>, %weight: memref<4x4xi1, #accel.dram>, %multiplier: memref<4xi18, #accel.dram>, %offset: memref<4xi48, #accel.dram>, %result: memref<3x4xi8, #accel.onchip>, %residual: memref<3x4xi16, #accel.onchip>, %epilogue: index) attributes {accel.engine = "binary_matmul"} {
// CHECK-NEXT:    %first = arith.constant 0 : index
// CHECK-NEXT:    %tokens = arith.constant 3 : index
// CHECK-NEXT:    %inputs = arith.constant 4 : index
// CHECK-NEXT:    %outputs = arith.constant 4 : index
// CHECK-NEXT:    accel.linear %activation, %weight, %multiplier, %offset to %residual, %result at %first sizes(%tokens, %inputs, %outputs) epilogue %epilogue
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }
// CHECK-NEXT:  func.func @forward(%logits: memref<2x3x4xi16, #accel.dram>
// CHECK-NEXT:    %zero = arith.constant 0 : index
// CHECK-NEXT:    %one = arith.constant 1 : index
// CHECK-NEXT:    %three = arith.constant 3 : index
// CHECK-NEXT:    %four = arith.constant 4 : index
// CHECK-NEXT:    %residual = accel.buffer
// CHECK-NEXT:    %second_residual = accel.buffer
// CHECK-NEXT:    %x = accel.buffer
// CHECK-NEXT:    %y = accel.buffer
// CHECK-NEXT:    %z = accel.buffer
// CHECK-NEXT:    %one_row = accel.buffer
// CHECK-NEXT:    %logits_of_first = accel.select %logits[%zero]
// CHECK-NEXT:    %logits_of_second = accel.select %logits[%one]
// CHECK-NEXT:    %z_1 = "memref.cast"(%z)
// CHECK-NEXT:    %one_row_1 = "memref.cast"(%one_row)
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    func.call @binary_matmul(%x, %w, %m, %o, %y, %residual, %c0)
// CHECK-NEXT:    accel.concurrent {
// CHECK-NEXT:      func.call @binary_matmul(%x, %w, %m, %o, %y, %second_residual, %c1)
// CHECK-NEXT:    } {
// CHECK-NEXT:      func.call @layer_norm(%residual, %m, %o, %z_1, %three)
// CHECK-NEXT:    }
// CHECK-NEXT:    accel.concurrent {
// CHECK-NEXT:      func.call @binary_matmul(%y, %w, %m, %o, %x, %second_residual, %c0)
// CHECK-NEXT:    } {
// CHECK-NEXT:      func.call @layer_norm(%residual, %m, %o, %one_row_1, %one)
// CHECK-NEXT:    }
// CHECK-NEXT:    func.call @store_matrix(%residual, %logits_of_first)
// CHECK-NEXT:    func.call @store_matrix(%second_residual, %logits_of_second)
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }
