// RUN: vaqf-opt %s --split-input-file --verify-diagnostics

func.func @later(%a: index) -> index {
  // expected-error@+1 {{operand #1 (%b) is not defined there: its definition comes later, or is in another region}}
  %1 = arith.addi %a, %b : index
  %b = arith.addi %a, %a : index
  func.return %1 : index
}

// -----

func.func @inner(%a: index, %flag: i1) -> index {
  // expected-error@+1 {{operand #1 (%b) is not defined there}}
  %c = arith.addi %a, %b : index
  scf.if %flag {
    %b = arith.addi %a, %a : index
  }
  func.return %c : index
}

// -----

func.func @in_order(%a: index, %flag: i1) -> index {
  %b = arith.addi %a, %a : index
  scf.if %flag {
    %c = arith.addi %b, %a : index
    %d = arith.addi %c, %a : index
  }
  func.return %b : index
}

// -----

// A block may use what is defined in those through which each way to it leads.

func.func @blocks(%a: index, %flag: i1) -> index {
  %b = arith.addi %a, %a : index
  cf.cond_br %flag, ^left, ^right
^left:
  %c = arith.addi %b, %a : index
  cf.br ^end
^right:
  cf.br ^end
^end:
  // expected-error@+1 {{operand #0 (%c) is not defined there}}
  %d = arith.addi %c, %b : index
  func.return %d : index
}
