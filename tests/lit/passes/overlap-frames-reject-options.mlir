// RUN: not vaqf-opt %s -p 'overlap-frames{lag=2}' 2>&1 | filecheck %s --check-prefix EVEN
// RUN: not vaqf-opt %s -p 'overlap-frames{lag=-1}' 2>&1 | filecheck %s --check-prefix NEGATIVE

// EVEN: overlap-frames: 'lag' is 2, it must be positive and odd: frames are in runs of another kind
// NEGATIVE: overlap-frames: 'lag' is -1, it must be positive and odd: frames are in runs of another kind
func.func @parameters() {
  func.return
}
func.func @forward() {
  func.return
}
