"""What the whole shop is asked: are its books in order, and what stands in them."""
