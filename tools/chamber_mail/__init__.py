"""Mail of the chambers of commerce about a filing: who sent it, what it is about, and what it seems to say.

Nothing here is certain: no genuine notice was ever seen, and anybody can write a mail. So all of it is a proposal,
which a person confirms. In the order in which it reads:

- ``parts``: the parts of an e-mail, level by level and within bounds; ``texts``: what a person would read of them
- ``envelope``: the envelope of certified mail (PEC), which alone tells a sender
- ``notice``: a raw message, read; ``words``: the outcome that its words propose
- ``about``: codes, numbers and addresses in a text, and which of some filings they fit
"""
