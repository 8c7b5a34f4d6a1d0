"""Near-empty subclasses of the shipped contract suites, one for each kind of plugin."""
