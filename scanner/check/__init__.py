"""`dpscan check`: declared stores judged, waived, compared and told, without any network.

`run` is the pipeline; `judging` asks the rules; `formats/` are what it prints. Reading the code itself
is in `scanner.declared`.
"""
