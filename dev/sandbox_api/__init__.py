"""A local HTTP server that keeps the contract of Openapi's PEC API, Company API, OAuth v2 and esignature API.

Rooms, each importing only from those above it:

- ``signature_const``, ``const``: tables (fields, states, refusals, domains); ``answers``: what an operation answers
- ``documents``, ``forms``: plain functions; ``scopes``: what tokens are made for; ``accounts``: who calls
- ``record``, ``filing``, ``mailbox``, ``signature``: one of each; ``signer``: who signs; ``companies``: one company
- ``contract``, ``specification``: the vendor's own files, to hold requests and answers against; ``validation``: what
  the client sends
- ``tokens``, ``wallet``: tokens that clients have made, what went through the wallets, and their tables
- ``store``: all that must survive a restart (SQLite)
- ``callbacks``: deliveries to the client; ``another``, ``faults``: failures on demand
- ``world``: the whole state of one running sandbox
- ``comunica_pec``, ``domini_pec``, ``pec``, ``company``, ``oauth``, ``esignature``: the vendor's operations
- ``checks``, ``control``, ``signature_control``, ``page``: the room of the tests, and a page for people
- ``trust``: trusted lists and an authority, and signing without a device
- ``server``, ``cli``: HTTP, and the command line
"""
