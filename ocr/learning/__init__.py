"""Learning from the user: corrections are stored, and a copy of the network is trained on them."""
