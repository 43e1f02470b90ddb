"""How a message reads: its sentences, its questions, its words and its shape. Pure functions."""
