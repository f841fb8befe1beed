"""What Italian law and the register say of people, places and days.

In the order in which it reads:

- ``omocodia``: which tax codes are the same person's; ``fiscal_code``: whose a tax code can be, and what it states
- ``person_name``: which words of an address book are surname and name
- ``place_table``: municipalities and countries (``birth_places.csv``); ``birth_place``: the places in tax codes
- ``denomination``: the words of a denomination; ``legal_form``: form and state of an enterprise as they tell them
  (``legal_forms.csv``, ``legal_form_spellings.csv``); ``enterprise``: whether form, code, kind of PEC and qualification
  go together
- ``names``: names, municipalities, provinces, countries and postal codes; ``phone``: telephone numbers
- ``municipality``: a municipality and its province, judged together
- ``calendar``: working days
"""
