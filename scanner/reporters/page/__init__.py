"""Pages for people: what a report says, as HTML without scripts, network or colour to rely on.

`digest` picks and counts, `charts` draws, `render` fills the templates. The same digest feeds
the workbook's summary and the Markdown, so that every format gives the same figures.
"""
