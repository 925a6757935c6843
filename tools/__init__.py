"""What builds and checks the house; nothing in here is part of Oona herself."""
