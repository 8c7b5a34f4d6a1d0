"""The data protection officer's desk: an edited file taken back in, two runs compared.

Pure logic over records; files are parsed from bytes, and nothing here opens a history.
"""
