"""Other shops, measured in the same run; they live in environments of their own, never in the lock."""
