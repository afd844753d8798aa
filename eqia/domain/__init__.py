"""What the law, the rules and the words of a screening are, in plain Python."""
