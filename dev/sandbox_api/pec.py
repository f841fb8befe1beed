"""The vendor's operations on mailboxes: not built yet. Each will take its place in OPERATIONS."""
from .answers import json_reply
from .const import UNKNOWN_PATH


def not_built(call):
    """Not built yet: answers as for a path that does not exist."""
    return json_reply(404, UNKNOWN_PATH)


OPERATIONS = {
    'GET /verifica_pec/{pec}': not_built,
    'GET /pec': not_built,
    'POST /pec': not_built,
    'GET /pec/{id}': not_built,
    'DELETE /pec/{id}': not_built,
    'GET /pec/{id}/modulo_attivazione': not_built,
    'PATCH /pec/{id}/attivazione': not_built,
    'PATCH /pec/{id}/modifica': not_built,
    'PATCH /pec/{id}/trasformazione': not_built,
    'PATCH /pec/{id}/conservazione': not_built,
    'GET /pec/{id}/modulo_conservazione': not_built,
    'POST /pec/{id}/multiutenza': not_built,
    'GET /pec/{id}/rinnovo': not_built,
}
