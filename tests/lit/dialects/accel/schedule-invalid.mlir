// RUN: vaqf-opt %s --verify-diagnostics --parsing-diagnostics --split-input-file | filecheck %s

// CHECK: has 1 stage, expected at least two
func.func @one_stage(%b: memref<4xi8, #accel.local>) {
  accel.concurrent {
    accel.fill %b[] with 0 : memref<4xi8, #accel.local>
  }
  func.return
}

// -----

// CHECK: #accel.pipeline: ii is 0, it must be positive
func.func @interval(%i: index) {
  scf.for %k = %i to %i step %i {
  } {accel.pipeline = #accel.pipeline<ii = 0, "no reason">}
  func.return
}

// -----

// CHECK: schedule-invalid.mlir:25:44: Expected integer literal
func.func @negative_interval(%i: index) {
  scf.for %k = %i to %i step %i {
  } {accel.pipeline = #accel.pipeline<ii = -1, "no reason">}
  func.return
}

// -----

// CHECK: schedule-invalid.mlir:34:45: Expected ','
func.func @pipeline_reason(%i: index) {
  scf.for %k = %i to %i step %i {
  } {accel.pipeline = #accel.pipeline<ii = 1>}
  func.return
}

// -----

// CHECK: schedule-invalid.mlir:42:70: Expected integer literal
func.func @partition_factor() {
  %b = accel.buffer {partition = [#accel.partition<dim = 0, factor = -4, "four reads">]} : memref<4x6xi8, #accel.local>
  func.return
}
