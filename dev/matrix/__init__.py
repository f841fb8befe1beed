"""Who may see what: every model, every method that a client can call, every role.

The tests try all of it in one transaction, and `make attack` over HTTP. It runs in Odoo.

- ``allowed``: the roles, what is answered all the same, and the judgement
- ``calls``: models, methods and arguments, from the registry
- ``records``: a company's records of every model
"""
