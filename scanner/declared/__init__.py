"""Declared stores: infrastructure code to the same `Store` and `Evidence` as live ones."""
