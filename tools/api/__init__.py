"""The conversation with Openapi's PEC API: the client and the calls on mailboxes, errors by what they mean for the
money, texts.
"""
