"""A local HTTP server that keeps the contract of Openapi's PEC API, Company API and OAuth v2, for development.

Rooms, each importing only from those above it:

- ``const``: tables (fields, states, refusals, domains); ``answers``: what an operation answers
- ``documents``, ``forms``: plain functions; ``scopes``: what tokens are made for; ``accounts``: who calls
- ``record``, ``filing``, ``mailbox``: one filing, one mailbox; ``contract``, ``specification``: the vendor's own files,
  to hold requests and answers against; ``validation``: what the client sends; ``companies``: one company
- ``tokens``, ``wallet``: tokens that clients have made, what went through the wallets, and their tables
- ``store``: all that must survive a restart (SQLite)
- ``callbacks``, ``faults``: deliveries to the client; failures on demand
- ``world``: the whole state of one running sandbox
- ``comunica_pec``, ``domini_pec``, ``pec``, ``company``, ``oauth``: the vendor's operations
- ``control``, ``page``: the room of the tests, and a page for people
- ``trust``: trusted lists and an authority, and signing without a device
- ``server``, ``cli``: HTTP, and the command line
"""
