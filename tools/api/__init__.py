"""The conversation with Openapi's PEC API, Company API, OAuth v2 and esignature API.

In the order in which it reads:

- ``errors``: what can go wrong, by what it means for the money; ``refusals``: which answers certainly are refusals
- ``text``: text from outside, as it may be kept, shown and logged
- ``connection``: a connection that can be cut; ``sealed``: a request with secrets in it that nothing tells
- ``filing_calls``, ``mailbox_calls``: the calls of the PEC API, as its specification has them
- ``company_data``, ``company_calls``: what the Company API tells of a company, and its calls
- ``client``: an account, whose client makes these calls over HTTP, bounded in time and size
- ``values``, ``pages``: values of an answer, read leniently; lists that come in pages
- ``oauth_data``, ``oauth_client``: what OAuth v2 tells of the account (tokens, wallet, callbacks), and its clients
- ``signature_data``, ``signature_client``: remote signatures and the certificates for them, and their client
- ``public_address``: what is an address of the public internet; ``deliveries``: whether callbacks reach this Odoo
"""
