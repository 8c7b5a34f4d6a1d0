"""What plugins share: object-store paging and ranged reads, archive walking, name reduction."""
