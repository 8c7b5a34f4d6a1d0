"""Bucket policies: the S3 actions that count as reading and writing, judged by the shared reader."""

from __future__ import annotations

from scanner.common.aws_policy import READ, WRITE, Policy, Statement

__all__ = ["READ", "WRITE", "Policy", "Statement"]
