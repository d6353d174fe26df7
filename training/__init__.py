"""Quantization-aware training in PyTorch. Nothing else in VAQF imports it, or torch."""
