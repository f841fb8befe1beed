import logging
from datetime import timedelta

from odoo import fields, models

from odoo.addons.l10n_it_openapi_pec import const

from .rights import check_right

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    """The defects of an account's lists: since when they last, and whether an administrator has accepted them."""
    _inherit = 'res.company'

    def _openapi_pec_note_defects(self, environment, model, names):
        """Keep the defects of a list of this company's account, and since when each of them lasts.

        What is not wrong any more is forgotten.

        :param str model: whose records the list holds.
        :param names: of ``const.service.LIST_DOUBTS``.
        """
        defects = self._openapi_pec_get_facts(environment).get('defects') or {}
        known, now = defects.get(model) or {}, fields.Datetime.to_string(fields.Datetime.now())
        own = {name: known.get(name) or {'since': now} for name in sorted(names)}
        if own != known:
            self._openapi_pec_note_facts(environment, defects={**defects, model: own})

    def _openapi_pec_change_defects(self, environment, names, **values):
        """Write something about defects of these companies' accounts, in whichever list they are."""
        for company in self:
            defects = company._openapi_pec_get_facts(environment).get('defects') or {}
            company._openapi_pec_write_facts(environment, defects={
                model: {name: {**entry, **values} if name in names else entry for name, entry in own.items()}
                for model, own in defects.items()})

    def _openapi_pec_get_defects(self, environment, model=None):
        """Return the defects of this company's lists: ``{name: {since, is_told, is_accepted}}``.

        :param str model: whose list, if not any.
        """
        defects = self._openapi_pec_get_facts(environment).get('defects') or {}
        return {name: entry for key, own in defects.items() if model in (None, key) for name, entry in own.items()}

    def _openapi_pec_get_accepted(self, environment, model):
        """Return the defects of a list that an administrator has accepted (names of ``const.service.DOUBTS``)."""
        return {
            name for name, entry in self._openapi_pec_get_defects(environment, model).items()
            if entry.get('is_accepted')}

    def _openapi_pec_get_lasting(self, environment):
        """Return the defects (names) of this company's lists that last for long and are not accepted."""
        oldest = fields.Datetime.now() - timedelta(hours=self.openapi_pec_decide_hours)
        return [name for name, entry in self._openapi_pec_get_defects(environment).items()
                if not entry.get('is_accepted') and fields.Datetime.to_datetime(entry['since']) <= oldest]

    def _openapi_pec_get_defect_sentence(self, environment):
        """Return the sentence that warns of lasting defects of the account's lists; False when there are none."""
        names, in_words = self._openapi_pec_get_lasting(environment), self.env['openapi_pec.words.mixin']._in_words
        return bool(names) and self.env._(
            "%(defects)s This has lasted for at least %(hours)s hours. While it does, a call whose answer was lost "
            "cannot be called not found. Ask Openapi to mend it. A system administrator can accept it: whether a lost "
            "call is made again is then a manager's decision. First calls are made in any case.",
            defects=' '.join(in_words(const.service.DOUBTS[name]) for name in names),
            hours=self.openapi_pec_decide_hours)

    def _openapi_pec_accept_defects(self, environment):
        """Accept, for an administrator, the lasting defects of the lists of these companies' accounts."""
        check_right(self.env, 'accept')
        for company in self:
            names = company._openapi_pec_get_lasting(environment)
            _logger.info(
                "User %s accepts of the lists of %s (%s): %s", self.env.uid, company, environment, ', '.join(names))
            company._openapi_pec_change_defects(environment, names, is_accepted=True)
