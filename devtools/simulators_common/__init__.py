"""What stand-ins for vendors share: a memory with a clock, trouble on demand, and the way to the shop."""
