"""What a department adds to detection: recognisers of its own, and values it has decided on."""
