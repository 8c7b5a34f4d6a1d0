"""Maps by provider: which resource types are stores, and how their safeguards are read."""
