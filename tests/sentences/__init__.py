"""What the program says of made units, held against what is known of them."""
