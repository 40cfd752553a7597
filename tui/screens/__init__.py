"""The screens of the terminal app, one to a file, each with its style sheet beside it."""
