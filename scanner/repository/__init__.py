"""Personal data committed to a repository: which files to read, what stands in them, at which lines."""
