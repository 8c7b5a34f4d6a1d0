"""One module for each family of formats: a clean copy, built from what a reader sees."""
