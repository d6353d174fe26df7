"""The operations of the `accel` dialect in C++, by concern."""
