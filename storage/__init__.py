"""Where things are kept: the contract and the engines behind it."""
