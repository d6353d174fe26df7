// RUN: vaqf-opt %s -p pack-parameters --verify-diagnostics --split-input-file

// expected-error@+1 {{'builtin.module': has no 'lanes' in 'accel.hardware': run tile-engines first}}
builtin.module {
  func.func @parameters() -> (memref<3x4xi18, #accel.dram>) {
    %m_t = "test.op"() : () -> (tensor<3x4xi18>)
    %m = accel.parameter %m_t : tensor<3x4xi18> -> memref<3x4xi18, #accel.dram> loc("/norm1/LayerNormalization")
    func.return %m : memref<3x4xi18, #accel.dram>
  }
  func.func private @engine(%source: memref<3x4xi18, #accel.dram>) attributes {accel.engine = "engine"} {
    %row = accel.buffer : memref<4xi18, #accel.local>
    %c0 = arith.constant 0 : index
    accel.load %source[%c0] to %row : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
    func.return
  }
  func.func @forward(%m: memref<3x4xi18, #accel.dram> {accel.port = "parameter"}) {
    func.call @engine(%m) : (memref<3x4xi18, #accel.dram>) -> () loc("/call")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func @parameters() -> (memref<3x4xi18, #accel.dram>) {
    %m_t = "test.op"() : () -> (tensor<3x4xi18>)
    // expected-error@unknown {{'accel.parameter' at /norm1/LayerNormalization: parameter '%m' of '@forward' is never read}}
    %m = accel.parameter %m_t : tensor<3x4xi18> -> memref<3x4xi18, #accel.dram> loc("/norm1/LayerNormalization")
    func.return %m : memref<3x4xi18, #accel.dram>
  }
  func.func private @engine(%source: memref<3x4xi18, #accel.dram>) attributes {accel.engine = "engine"} {
    %row = accel.buffer : memref<4xi18, #accel.local>
    %c0 = arith.constant 0 : index
    accel.load %source[%c0] to %row : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
    func.return
  }
  func.func @forward(%m: memref<3x4xi18, #accel.dram> {accel.port = "parameter"}) {
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func @parameters() -> (memref<3x4xi18, #accel.dram>) {
    %m_t = "test.op"() : () -> (tensor<3x4xi18>)
    // expected-error@unknown {{'accel.parameter' at /norm1/LayerNormalization: parameter '%m' of '@forward' is read in different ways: units of rank 1 as constants, units of rank 2 as constants}}
    %m = accel.parameter %m_t : tensor<3x4xi18> -> memref<3x4xi18, #accel.dram> loc("/norm1/LayerNormalization")
    func.return %m : memref<3x4xi18, #accel.dram>
  }
  func.func private @engine(%source: memref<3x4xi18, #accel.dram>) attributes {accel.engine = "engine"} {
    %row = accel.buffer : memref<4xi18, #accel.local>
    %c0 = arith.constant 0 : index
    accel.load %source[%c0] to %row : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
    func.return
  }
  func.func private @whole(%source: memref<3x4xi18, #accel.dram>) attributes {accel.engine = "whole"} {
    %all = accel.buffer : memref<3x4xi18, #accel.local>
    accel.load %source[] to %all : memref<3x4xi18, #accel.dram>, memref<3x4xi18, #accel.local>
    func.return
  }
  func.func @forward(%m: memref<3x4xi18, #accel.dram> {accel.port = "parameter"}) {
    func.call @engine(%m) : (memref<3x4xi18, #accel.dram>) -> () loc("/call")
    func.call @whole(%m) : (memref<3x4xi18, #accel.dram>) -> () loc("/call")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func @parameters() -> (memref<3x100xi130, #accel.dram>) {
    %m_t = "test.op"() : () -> (tensor<3x100xi130>)
    // expected-error@unknown {{'accel.parameter' at /wide: parameter '%m' of '@forward' has elements of 130 bits, more than a word of 128}}
    %m = accel.parameter %m_t : tensor<3x100xi130> -> memref<3x100xi130, #accel.dram> loc("/wide")
    func.return %m : memref<3x100xi130, #accel.dram>
  }
  func.func @forward(%m: memref<3x100xi130, #accel.dram> {accel.port = "parameter"}) {
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func @parameters() -> (memref<3x4xi18, #accel.dram>) {
    %m_t = "test.op"() : () -> (tensor<3x4xi18>)
    %m = accel.parameter %m_t : tensor<3x4xi18> -> memref<3x4xi18, #accel.dram> loc("/norm1/LayerNormalization")
    func.return %m : memref<3x4xi18, #accel.dram>
  }
  func.func private @engine(%source: memref<3x4xi18, #accel.dram>) {
    %row = accel.buffer : memref<4xi18, #accel.local>
    %c0 = arith.constant 0 : index
    accel.load %source[%c0] to %row : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
    func.return
  }
  func.func @forward(%m: memref<3x4xi18, #accel.dram> {accel.port = "parameter"}) {
    // expected-error@unknown {{'func.call' at /call: calls 'engine', which is no engine}}
    func.call @engine(%m) : (memref<3x4xi18, #accel.dram>) -> () loc("/call")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func @parameters() -> (memref<3x4xi18, #accel.dram>) {
    %m_t = "test.op"() : () -> (tensor<3x4xi18>)
    %m = accel.parameter %m_t : tensor<3x4xi18> -> memref<3x4xi18, #accel.dram> loc("/norm1/LayerNormalization")
    func.return %m : memref<3x4xi18, #accel.dram>
  }
  func.func @forward(%m: memref<3x4xi18, #accel.dram> {accel.port = "parameter"}) {
    // expected-error@unknown {{'accel.stack' at /stack: reads a parameter, expected an engine that loads it in units}}
    %two = accel.stack %m, %m : memref<3x4xi18, #accel.dram>, memref<3x4xi18, #accel.dram> -> memref<2x3x4xi18, #accel.dram> loc("/stack")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func @parameters() -> (memref<3x4xi18, #accel.dram>) {
    %m_t = "test.op"() : () -> (tensor<3x4xi18>)
    %m = accel.parameter %m_t : tensor<3x4xi18> -> memref<3x4xi18, #accel.dram> loc("/norm1/LayerNormalization")
    func.return %m : memref<3x4xi18, #accel.dram>
  }
  func.func private @engine(%source: memref<3x4xi18, #accel.dram>) attributes {accel.engine = "engine"} {
    %row = accel.buffer : memref<4xi18, #accel.local>
    %c0 = arith.constant 0 : index
    accel.load %source[%c0] to %row : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
    func.return
  }
  // expected-error@+1 {{'func.func': '@forward' has 0 parameters, '@parameters' returns 1}}
  func.func @forward() {
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func @parameters() -> (memref<3xi128, #accel.dram>) {
    %constants_t = "test.op"() : () -> (tensor<3xi128>)
    %constants = accel.parameter %constants_t : tensor<3xi128> -> memref<3xi128, #accel.dram> loc("/pack")
    func.return %constants : memref<3xi128, #accel.dram>
  }
  func.func private @engine(%source: memref<3x4xi18, #accel.dram>) attributes {accel.engine = "engine"} {
    %row = accel.buffer : memref<4xi18, #accel.local>
    %c0 = arith.constant 0 : index
    accel.load %source[%c0] to %row : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
    func.return
  }
  func.func @forward(%constants: memref<3xi128, #accel.dram> {accel.port = "parameter"}) {
    // expected-error@unknown {{'accel.view' at /norm1/LayerNormalization: views a memory of words already: pack-parameters has run before}}
    %view = accel.view %constants at 0 {unit_rank = 1 : i64} : memref<3xi128, #accel.dram> -> memref<3x4xi18, #accel.dram> loc("/norm1/LayerNormalization")
    func.call @engine(%view) : (memref<3x4xi18, #accel.dram>) -> () loc("/call")
    func.return
  }
}
