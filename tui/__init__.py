"""What a person types at and looks at: the command line and the terminal app."""
