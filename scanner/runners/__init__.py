"""Where concurrency lives."""
