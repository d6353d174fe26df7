// RUN: vaqf-opt %s -p select-token-early | filecheck %s
// RUN: vaqf-opt %s -p select-token-early --print-debuginfo | filecheck %s --check-prefix LOCATION

func.func @head(%x: tensor<197x192xf32>, %gamma: tensor<192xf32>, %beta: tensor<192xf32>) -> tensor<1x192xf32> {
  %norm = vit.layer_norm %x, %gamma, %beta {epsilon = 1.0e-06 : f64} : tensor<197x192xf32>, tensor<192xf32>, tensor<192xf32> -> tensor<197x192xf32> loc("/norm")
  %class = vit.select_token %norm[3] : tensor<197x192xf32> -> tensor<1x192xf32> loc("/Gather")
  func.return %class : tensor<1x192xf32>
}
// CHECK:       func.func @head
// CHECK-NEXT:    %class = vit.select_token %x[3] : tensor<197x192xf32> -> tensor<1x192xf32>
// CHECK-NEXT:    %norm = vit.layer_norm %class, %gamma, %beta {epsilon = 1.000000e-06 : f64} : tensor<1x192xf32>, tensor<192xf32>, tensor<192xf32> -> tensor<1x192xf32>
// CHECK-NEXT:    func.return %norm : tensor<1x192xf32>
// LOCATION:      vit.select_token {{.*}} loc("/Gather")
// LOCATION-NEXT: vit.layer_norm {{.*}} loc("/norm")

// Other tokens of the layer norm are used as well: it stays, and is not computed twice for them.
func.func @two_uses(%x: tensor<197x192xf32>, %gamma: tensor<192xf32>, %beta: tensor<192xf32>) -> (tensor<1x192xf32>, tensor<197x192xf32>) {
  %norm = vit.layer_norm %x, %gamma, %beta {epsilon = 1.0e-06 : f64} : tensor<197x192xf32>, tensor<192xf32>, tensor<192xf32> -> tensor<197x192xf32>
  %class = vit.select_token %norm[0] : tensor<197x192xf32> -> tensor<1x192xf32>
  func.return %class, %norm : tensor<1x192xf32>, tensor<197x192xf32>
}
// CHECK:       func.func @two_uses
// CHECK-NEXT:    vit.layer_norm %x
// CHECK-NEXT:    vit.select_token %norm[0]
// CHECK-NEXT:    func.return

// A class token and a distillation token: each has its own layer norm.
func.func @two_tokens(%x: tensor<198x192xf32>, %gamma: tensor<192xf32>, %beta: tensor<192xf32>) -> (tensor<1x192xf32>, tensor<1x192xf32>) {
  %norm = vit.layer_norm %x, %gamma, %beta {epsilon = 1.0e-06 : f64} : tensor<198x192xf32>, tensor<192xf32>, tensor<192xf32> -> tensor<198x192xf32>
  %class = vit.select_token %norm[0] : tensor<198x192xf32> -> tensor<1x192xf32>
  %distillation = vit.select_token %norm[1] : tensor<198x192xf32> -> tensor<1x192xf32>
  func.return %class, %distillation : tensor<1x192xf32>, tensor<1x192xf32>
}
// CHECK:       func.func @two_tokens
// CHECK-NEXT:    vit.select_token %x[0]
// CHECK-NEXT:    vit.layer_norm %class
// CHECK-NEXT:    vit.select_token %x[1]
// CHECK-NEXT:    vit.layer_norm %distillation
// CHECK-NEXT:    func.return

// Average pooling of the patches: the class token before them is not normalised.
func.func @patches(%x: tensor<197x192xf32>, %gamma: tensor<192xf32>) -> tensor<1x192xf32> {
  %norm = vit.layer_norm %x, %gamma {epsilon = 1.0e-06 : f64} : tensor<197x192xf32>, tensor<192xf32> -> tensor<197x192xf32> loc("/norm")
  %patches = vit.slice %norm from 1 : tensor<197x192xf32> -> tensor<196x192xf32> loc("/Slice")
  %mean = vit.mean_tokens %patches : tensor<196x192xf32> -> tensor<1x192xf32>
  func.return %mean : tensor<1x192xf32>
}
// CHECK:       func.func @patches
// CHECK-NEXT:    %patches = vit.slice %x from 1 : tensor<197x192xf32> -> tensor<196x192xf32>
// CHECK-NEXT:    %norm = vit.layer_norm %patches, %gamma {epsilon = 1.000000e-06 : f64} : tensor<196x192xf32>, tensor<192xf32> -> tensor<196x192xf32>
// CHECK-NEXT:    vit.mean_tokens %norm
// LOCATION:      func.func @patches
// LOCATION:      vit.slice {{.*}} loc("/Slice")
// LOCATION-NEXT: vit.layer_norm {{.*}} loc("/norm")
