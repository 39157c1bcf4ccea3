"""Simulated plants, cars and trains: they speak only public protocols, from outside."""
