"""Plain Python, without Odoo. A module loads only those that it needs; ``p7m`` alone is loaded as a whole.

Rooms, in the order in which they read:

- ``clock``: seconds that go on while the machine sleeps; ``finding``: what is found before something is sent
- ``pattern``: regular expressions that are compiled when they are first used; ``remembered``: results that are kept
- ``api``: the conversation with Openapi's PEC API, its errors, and texts from outside
- ``cleaning``: the one cleaning of what people type, before it is judged, compared and kept
- ``reason``: what counts as a reason, wherever somebody goes on in spite of a warning
- ``labels``: the words that stand beside what people paste, and say what it is
- ``outcome``: what became of a call whose answer was lost
- ``italy``: tax codes, names, places, telephones and working days, as the law and the register have them
- ``pec``: addresses, whose digital domicile they may be, and when two filings are the same
- ``obligation``: who must communicate which PEC, by the law as data, and how each one stands
- ``chamber_mail``: mail of the chambers of commerce: who sent it, what it is about and seems to say
- ``p7m``: signed files; ``trust``: what is verified of them beyond the file, by trusted lists and over the network
- ``upload``: PDFs, zips and file names from outside
- ``secrecy``: secrets, and what of them may be logged; ``spreadsheet_cells``: text that stays text in a spreadsheet
"""
