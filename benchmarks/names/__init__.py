"""Training and scoring of the light names model."""
