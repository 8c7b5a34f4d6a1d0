"""One module for each family of formats: what is in a file, where it stands, and whether a reader sees it."""
