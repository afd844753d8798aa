"""Files of figures from elsewhere, read as readings: what was meant, what is wrong, what is new."""
