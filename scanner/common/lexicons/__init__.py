"""Data files; read through `scanner.common.lexicon`."""
