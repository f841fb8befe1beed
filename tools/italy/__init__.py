"""Tax codes, names, places, telephones and working days, as the law and the register have them."""
