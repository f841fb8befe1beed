"""Who must communicate which PEC to the register, and how each one stands: the register of positions, without Odoo.

In the order in which it reads:

- ``rules``: the law as data (``answers.csv``, ``terms.csv``, ``fines.csv``), and what of it is in force on a day
- ``facts``: what is known of companies, offices, addresses, filings, mailboxes and notices
- ``duty``: whether a company's own PEC is due, and whose of its administrators
- ``sharing``: who has the same address, and who of them has to give way
- ``position``: the lines of the register

Nothing here holds a sentence: states, reasons and next steps are codes. What nobody has said is ``undecided``, and is
put to a person.
"""
