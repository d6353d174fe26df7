"""Which pass of a pipeline breaks a module, and the smallest module that it breaks."""
