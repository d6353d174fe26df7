// A marked loop that other tools have changed is told, not guessed at.

// RUN: vaqf-opt %s --verify-diagnostics

func.func @engine() {
  %zero = arith.constant 0 : index
  %two = arith.constant 2 : index
  %one = arith.constant 1 : index
  // expected-error@+1 {{'scf.parallel': is marked as accel.concurrent, expected an scf.index_switch over its stages and nothing else}}
  "scf.parallel"(%zero, %two, %one) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%stage: index):
    "scf.reduce"() : () -> ()
  }) {accel.concurrent} : (index, index, index) -> ()
  func.return
}
