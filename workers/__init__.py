"""What happens later: actors that answer nudges, and the clock that sends them."""
