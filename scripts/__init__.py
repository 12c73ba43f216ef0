"""Development scripts; the product itself never imports them."""
