"""The subcommands of `vaqf`, one a file."""
