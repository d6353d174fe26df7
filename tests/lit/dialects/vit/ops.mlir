// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @parameters() {
  %stored = vit.parameter @"blocks.0.attn.qkv.weight" : tensor<192x576xf32>
  %weight = vit.transpose %stored by [1, 0] : tensor<192x576xf32> -> tensor<576x192xf32>
  %key = vit.slice %weight from 192 : tensor<576x192xf32> -> tensor<192x192xf32>
  %kernel = vit.parameter @"onnx::Conv_12" : tensor<192x3x16x16xf32>
  %flat = vit.reshape %kernel : tensor<192x3x16x16xf32> -> tensor<192x768xf32>
  %ones = vit.constant dense<1.0> : tensor<192xf32>
  func.return
}
// CHECK:       func.func @parameters
// CHECK-NEXT:    %stored = vit.parameter @blocks.0.attn.qkv.weight : tensor<192x576xf32>
// CHECK-NEXT:    %weight = vit.transpose %stored by [1, 0] : tensor<192x576xf32> -> tensor<576x192xf32>
// CHECK-NEXT:    %key = vit.slice %weight from 192 : tensor<576x192xf32> -> tensor<192x192xf32>
// CHECK-NEXT:    %kernel = vit.parameter @"onnx::Conv_12" : tensor<192x3x16x16xf32>
// CHECK-NEXT:    %flat = vit.reshape %kernel : tensor<192x3x16x16xf32> -> tensor<192x768xf32>
// CHECK-NEXT:    %ones = vit.constant dense<1.000000e+00> : tensor<192xf32>

func.func @tokens(%class: tensor<1x192xf32>, %patches: tensor<196x192xf32>) {
  %tokens = vit.concatenate %class, %patches : tensor<1x192xf32>, tensor<196x192xf32> -> tensor<197x192xf32>
  %selected = vit.select_token %tokens[0] : tensor<197x192xf32> -> tensor<1x192xf32>
  func.return
}
// CHECK:       func.func @tokens
// CHECK-NEXT:    %tokens = vit.concatenate %class, %patches : tensor<1x192xf32>, tensor<196x192xf32> -> tensor<197x192xf32>
// CHECK-NEXT:    %selected = vit.select_token %tokens[0] : tensor<197x192xf32> -> tensor<1x192xf32>

// Moving values does not depend on what they are.
func.func @integers(%codes: tensor<4x6xi8>) {
  %transposed = vit.transpose %codes by [1, 0] : tensor<4x6xi8> -> tensor<6x4xi8>
  %rows = vit.slice %transposed from 2 : tensor<6x4xi8> -> tensor<3x4xi8>
  func.return
}
// CHECK:       func.func @integers
// CHECK-NEXT:    %transposed = vit.transpose %codes by [1, 0] : tensor<4x6xi8> -> tensor<6x4xi8>
// CHECK-NEXT:    %rows = vit.slice %transposed from 2 : tensor<6x4xi8> -> tensor<3x4xi8>

func.func @patch_embedding(%image: tensor<3x224x224xf32>, %weight: tensor<192x3x16x16xf32>, %bias: tensor<192xf32>) {
  %biased = vit.patch_embedding %image, %weight, %bias : tensor<3x224x224xf32>, tensor<192x3x16x16xf32>, tensor<192xf32> -> tensor<196x192xf32>
  %plain = vit.patch_embedding %image, %weight : tensor<3x224x224xf32>, tensor<192x3x16x16xf32> -> tensor<196x192xf32>
  func.return
}
// CHECK:       func.func @patch_embedding
// CHECK-NEXT:    %biased = vit.patch_embedding %image, %weight, %bias : tensor<3x224x224xf32>, tensor<192x3x16x16xf32>, tensor<192xf32> -> tensor<196x192xf32>
// CHECK-NEXT:    %plain = vit.patch_embedding %image, %weight : tensor<3x224x224xf32>, tensor<192x3x16x16xf32> -> tensor<196x192xf32>

func.func @multilayer_perceptron(%x: tensor<197x192xf32>, %gamma: tensor<192xf32>, %beta: tensor<192xf32>, %weight: tensor<768x192xf32>, %bias: tensor<768xf32>) {
  %normed = vit.layer_norm %x, %gamma, %beta {epsilon = 1.0e-06 : f64} : tensor<197x192xf32>, tensor<192xf32>, tensor<192xf32> -> tensor<197x192xf32>
  %hidden = vit.linear %normed, %weight, %bias : tensor<197x192xf32>, tensor<768x192xf32>, tensor<768xf32> -> tensor<197x768xf32>
  %plain = vit.linear %normed, %weight : tensor<197x192xf32>, tensor<768x192xf32> -> tensor<197x768xf32>
  %activated = vit.gelu %hidden : tensor<197x768xf32> -> tensor<197x768xf32>
  %sum = vit.add %x, %normed : tensor<197x192xf32>, tensor<197x192xf32> -> tensor<197x192xf32>
  func.return
}
// CHECK:       func.func @multilayer_perceptron
// CHECK-NEXT:    %normed = vit.layer_norm %x, %gamma, %beta {epsilon = 1.000000e-06 : f64} : tensor<197x192xf32>, tensor<192xf32>, tensor<192xf32> -> tensor<197x192xf32>
// CHECK-NEXT:    %hidden = vit.linear %normed, %weight, %bias : tensor<197x192xf32>, tensor<768x192xf32>, tensor<768xf32> -> tensor<197x768xf32>
// CHECK-NEXT:    %plain = vit.linear %normed, %weight : tensor<197x192xf32>, tensor<768x192xf32> -> tensor<197x768xf32>
// CHECK-NEXT:    %activated = vit.gelu %hidden : tensor<197x768xf32> -> tensor<197x768xf32>
// CHECK-NEXT:    %sum = vit.add %x, %normed : tensor<197x192xf32>, tensor<197x192xf32> -> tensor<197x192xf32>

func.func @attention(%query: tensor<197x192xf32>, %key: tensor<197x192xf32>, %value: tensor<197x192xf32>) {
  %scores = vit.attention_scores %query, %key {heads = 3 : i64, scale = 0.125 : f64} : tensor<197x192xf32>, tensor<197x192xf32> -> tensor<3x197x197xf32>
  %probabilities = vit.softmax %scores : tensor<3x197x197xf32> -> tensor<3x197x197xf32>
  %mixed = vit.attention_values %probabilities, %value : tensor<3x197x197xf32>, tensor<197x192xf32> -> tensor<197x192xf32>
  func.return
}
// CHECK:       func.func @attention
// CHECK-NEXT:    %scores = vit.attention_scores %query, %key {heads = 3 : i64, scale = 1.250000e-01 : f64} : tensor<197x192xf32>, tensor<197x192xf32> -> tensor<3x197x197xf32>
// CHECK-NEXT:    %probabilities = vit.softmax %scores : tensor<3x197x197xf32> -> tensor<3x197x197xf32>
// CHECK-NEXT:    %mixed = vit.attention_values %probabilities, %value : tensor<3x197x197xf32>, tensor<197x192xf32> -> tensor<197x192xf32>

func.func @patches(%image: tensor<3x8x12xf32>) {
  %first = vit.extract_patches %image {patch = array<i64: 4, 6>, order = "colours_first"} : tensor<3x8x12xf32> -> tensor<4x72xf32>
  %last = vit.extract_patches %image {patch = array<i64: 4, 6>, order = "colours_last"} : tensor<3x8x12xf32> -> tensor<4x72xf32>
  func.return
}
// CHECK:       func.func @patches
// CHECK-NEXT:    %first = vit.extract_patches %image {patch = array<i64: 4, 6>, order = "colours_first"} : tensor<3x8x12xf32> -> tensor<4x72xf32>
// CHECK-NEXT:    %last = vit.extract_patches %image {patch = array<i64: 4, 6>, order = "colours_last"} : tensor<3x8x12xf32> -> tensor<4x72xf32>

func.func @unbiased_layer_norm(%x: tensor<4x6xf32>, %gamma: tensor<6xf32>) {
  %normed = vit.layer_norm %x, %gamma {epsilon = 1.0e-06 : f64} : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  %pooled = vit.mean_tokens %normed : tensor<4x6xf32> -> tensor<1x6xf32>
  func.return
}
// CHECK:       func.func @unbiased_layer_norm
// CHECK-NEXT:    %normed = vit.layer_norm %x, %gamma {epsilon = 1.000000e-06 : f64} : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %pooled = vit.mean_tokens %normed : tensor<4x6xf32> -> tensor<1x6xf32>

func.func @scales(%x: tensor<4x6xf32>, %gamma: tensor<6xf32>, %weight: tensor<6x2xf32>) {
  %channels = vit.scale_channels %x, %gamma : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  %rows = vit.scale_rows %weight, %gamma : tensor<6x2xf32>, tensor<6xf32> -> tensor<6x2xf32>
  %bias = vit.scale_rows %gamma, %gamma : tensor<6xf32>, tensor<6xf32> -> tensor<6xf32>
  %half = vit.scale %x by 0.5 : f64 : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}
// CHECK:       func.func @scales
// CHECK-NEXT:    %channels = vit.scale_channels %x, %gamma : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %rows = vit.scale_rows %weight, %gamma : tensor<6x2xf32>, tensor<6xf32> -> tensor<6x2xf32>
// CHECK-NEXT:    %bias = vit.scale_rows %gamma, %gamma : tensor<6xf32>, tensor<6xf32> -> tensor<6xf32>
// CHECK-NEXT:    %half = vit.scale %x by 5.000000e-01 : f64 : tensor<4x6xf32> -> tensor<4x6xf32>
