"""PEC addresses: their form, proposals for new ones, whose digital domicile they may be, and what is the same filing.
"""
