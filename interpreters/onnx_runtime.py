"""Whether ONNX Runtime, which nothing needs, can be used."""


def has_onnx_runtime() -> bool:
    """Whether it is installed, and not only half of it."""
    try:
        import onnxruntime
    except Exception:  # a broken installation raises whatever it likes
        return False
    return hasattr(onnxruntime, "InferenceSession")
