"""`dpscan release`: what hides in files that are about to be published or sent, and whether people are in it.

A file goes one way: `looking` opens it and asks the family in `hidden/` that knows its format;
the family names places and what hides there; `judging` asks the detector what the words and
tables are about; `decision` says whether the file may go. `fix/` writes a clean copy.
"""
