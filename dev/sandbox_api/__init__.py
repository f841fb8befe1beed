"""A local HTTP server that keeps the contract of Openapi's PEC API and Company API, for development and tests.

Rooms, each importing only from those above it:

- ``const``: tables (fields, states, refusals, domains); ``answers``: what an operation answers
- ``accounts``, ``documents``, ``forms``: plain functions
- ``record``, ``filing``, ``mailbox``: one filing, one mailbox; ``contract``, ``specification``: the vendor's own files,
  to hold requests and answers against; ``validation``: what the client sends; ``companies``: one company
- ``store``: all that must survive a restart (SQLite)
- ``callbacks``, ``faults``: deliveries to the client; failures on demand
- ``world``: the whole state of one running sandbox
- ``comunica_pec``, ``domini_pec``, ``pec``, ``company``: the vendor's operations
- ``control``, ``page``: the room of the tests, and a page for people
- ``server``, ``cli``: HTTP, and the command line
"""
