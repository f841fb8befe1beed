"""In whose time people read moments."""
from odoo.addons.l10n_it_openapi_pec import const


def get_zone(env):
    """Return the name of the reader's time zone: Italy's where he has none, or where nobody knows who reads."""
    return env.context.get('tz') or env.user.tz or const.position.TIME_ZONE
