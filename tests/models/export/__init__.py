"""
Making ONNX files of Vision Transformers with other people's code. It needs torch.

timm and vit-pytorch import torchvision, which fails when its compiled operators were built for
another torch. Nothing here calls those operators: it is enough to declare that they exist.
"""

import importlib

import torch

try:
    importlib.import_module("torchvision")
except RuntimeError:
    torchvision_operators = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        torchvision_operators.define(
            f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        )
