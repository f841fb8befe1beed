"""The account, the journal, the calls, who may do what; and the whole addon: its words, its roles, its uninstallation.
"""
