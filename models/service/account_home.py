import logging

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.tools.api.client import HOSTS

from .account import MODELS
from .rights import check_right

_logger = logging.getLogger(__name__)

_lt = LazyTranslate(__name__, default_lang='en_US')

LOOKED_FOR = (*MODELS, 'openapi_pec.certificate')  # which are looked for before they are paid: what is queued goes on
OF_A_CLICK = ('openapi_pec.signature', 'openapi_pec.verification')  # which end by themselves, also in a copy

# What is said of a look-up that was queued, which no list of the service shows.
PERHAPS_ASKED = _lt(
    "Not asked, nothing was spent from here: the other database, of which this one was taken for a copy, has perhaps "
    "asked the same, and paid for it. If it is still wanted, ask again.")


class ResCompany(models.Model):
    """The database in which an account's token was set: a copy of it reads, but makes no calls.

    What is queued in a copy is queued in the original as well, which pays for it. A database is told from its copies by
    its identity (``database.uuid``, which Odoo gives anew to what it duplicates or restores as a copy) and its name.
    """
    _inherit = 'res.company'

    @api.model
    def _openapi_pec_get_home(self):
        """Return what identifies this database: ``[identity, name]``."""
        return [self.env['ir.config_parameter'].sudo().get_param('database.uuid') or '', self.env.cr.dbname]

    def _openapi_pec_is_copy(self, environment):
        """Return whether the token of this company's account was set in another database than this one."""
        home = self._openapi_pec_get_facts(environment).get('home')
        return bool(home) and home != self._openapi_pec_get_home()

    @api.model
    def _openapi_pec_get_copies(self):
        """Return the companies whose accounts belong to another database: ``{environment: companies}``."""
        companies = self._openapi_pec_get_known()
        return {environment: own for environment in HOSTS
                if (
                    own := companies.filtered(
                        lambda company, environment=environment: company._openapi_pec_is_copy(environment)))}

    @api.model
    def _openapi_pec_get_home_domain(self):
        """Return the domain of the records whose account belongs to this database."""
        return ~fields.Domain.OR(
            fields.Domain([('company_id', 'in', companies.ids), ('environment', '=', environment)])
            for environment, companies in self._openapi_pec_get_copies().items())

    def _openapi_pec_get_copy_sentence(self, environment):
        """Return the sentence that warns that this database may be a copy, and says who decides; or False."""
        if not self or not self._openapi_pec_is_copy(environment):
            return False
        sentence = self.env._(
            "This database may be a copy: its name or its identity is not that of the database in which the token was "
            "set. So that nothing is paid twice, nothing is sent from here; what is queued waits, and nothing is spent "
            "for it. What the service shows goes on being read.")
        if self.env.user.has_group('base.group_system'):
            advice = self.env._(
                "If it is the live database, renamed or moved, press \"This Is the Live Database\". If it is a copy, "
                "remove the token in its settings.")
        else:
            advice = self.env._("If it is the live database, ask a system administrator to say so here or in the "
                                "settings.")
        return f'{sentence} {advice}'

    @api.model
    def _openapi_pec_confirm_home(self):
        """Record that a system administrator says that this is the live database.

        What is queued is sent, after a look at the service; what no list of it shows is closed.

        :raise AccessError: for everybody else.
        """
        check_right(self.env, 'accept')
        for environment, companies in self._openapi_pec_get_copies().items():
            companies._openapi_pec_write_facts(environment, home=self._openapi_pec_get_home())
            for model in self.env['openapi_pec.api_call']._get_calling_models():
                if model in OF_A_CLICK:
                    continue
                records = self.env[model].sudo()
                queued = records.search([
                    (records._call_state_field, '=', 'queued'), ('company_id', 'in', companies.ids),
                    ('environment', '=', environment)])
                if model not in LOOKED_FOR:
                    self._openapi_pec_close_perhaps_asked(queued)
                    continue
                queued._message_log_batch(dict.fromkeys(queued.ids, self.env._(
                    "%s says that this is the live database: the call goes on, after a look at the service.",
                    self.env.user.name)))
            _logger.info("User %s says that %s is the live database of %s (%s).",
                self.env.uid, self.env.cr.dbname, companies, environment)
        self.env['openapi_pec.job.mixin']._trigger_cron('dispatch')

    @api.model
    def _openapi_pec_close_perhaps_asked(self, queued):
        """Close look-ups that were queued in a database and in its copy, those of which the same is said together."""
        def get_reason(record):
            own = record._for_reader()
            return own._due_operation(), own._add_earlier_call(own._in_words(PERHAPS_ASKED))

        for (operation, sentence), records in queued.grouped(get_reason).items():
            records._on_call_refused(operation, sentence)
