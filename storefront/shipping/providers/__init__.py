"""Where prices of sending come from."""
