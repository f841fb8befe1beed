"""What Italian law and the register say of people, places and days.

In the order in which it reads:

- ``omocodia``: which tax codes are the same person's; ``fiscal_code``: whose a tax code can be, and what it states
- ``birth_place``: the places of birth in tax codes (``birth_places.csv``)
- ``names``: names, municipalities, provinces, countries and postal codes; ``phone``: telephone numbers
- ``calendar``: working days
"""
