"""
Quantization-aware training in PyTorch (extra `vaqf[train]`). No other folder needs torch.

What is trained is the IR that the compiler makes of a model (`network.py`): every layer has the
number format that it will have in the accelerator.
"""
