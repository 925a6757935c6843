"""How fast memory is found again in lives of up to a million turns."""
