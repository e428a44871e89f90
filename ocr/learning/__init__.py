"""Learning from the reader's user: corrections that are kept, and a copy of the network that knows them."""
