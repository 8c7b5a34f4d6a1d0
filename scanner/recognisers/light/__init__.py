"""A small names model of dpscan's own: NumPy only, a few megabytes, megabytes a second."""
