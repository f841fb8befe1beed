"""Plain Python, without Odoo: importing one module loads none of the others, but ``p7m``, which is one thing.

- ``api``: the conversation with Openapi's PEC API, its errors, and its texts;
- ``outcome``: what became of a call whose answer was lost;
- ``italy``: tax codes, names, places, telephones and working days, as the law and the register have them;
- ``pec``: addresses, and whose digital domicile one may be;
- ``p7m``: signed files;
- ``upload``: PDFs, zips and file names from strangers;
- ``secrecy``: secrets, and what of them may be logged;
- ``clock``; ``spreadsheet_cells``.
"""
