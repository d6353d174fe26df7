// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @one_stage(%b: memref<4xi8, #accel.local>) {
  // expected-error@+1 {{has 1 stage, expected at least two}}
  accel.concurrent {
    accel.fill %b[] with 0 : memref<4xi8, #accel.local>
  }
  func.return
}

// -----

func.func @interval(%i: index) {
  scf.for %k = %i to %i step %i {
  // expected-error@+1 {{#accel.pipeline: ii is 0, it must be positive}}
  } {accel.pipeline = #accel.pipeline<ii = 0, "no reason">}
  func.return
}

// -----

func.func @negative_interval(%i: index) {
  scf.for %k = %i to %i step %i {
  // expected-error@+1 {{Expected integer literal}}
  } {accel.pipeline = #accel.pipeline<ii = -1, "no reason">}
  func.return
}

// -----

func.func @pipeline_reason(%i: index) {
  scf.for %k = %i to %i step %i {
  // expected-error@+1 {{Expected ','}}
  } {accel.pipeline = #accel.pipeline<ii = 1>}
  func.return
}

// -----

func.func @partition_factor() {
  // expected-error@+1 {{Expected integer literal}}
  %b = accel.buffer {partition = [#accel.partition<dim = 0, factor = -4, "four reads">]} : memref<4x6xi8, #accel.local>
  func.return
}
