"""One module a service family."""
