"""A synthetic development corpus of public-sector tables. Every value is made up by a seed."""
