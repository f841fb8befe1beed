import logging
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import job

_lt = LazyTranslate(__name__, default_lang='en_US')
_logger = logging.getLogger(__name__)

TEMPLATE = 'l10n_it_openapi_pec.mail_template_digest'
DAYS, DAYS_AHEAD = 7, 28  # before the first digest, of which it tells what is new; after each, what is due
SHOWN = 30  # lines of each part; of the others only the number is told
_OPEN = Domain('state', 'not in', ('in_order', 'exempt'))


class Part(NamedTuple):
    """A part of the digest.

    :param str title: lazily translated.
    :param find: function of the moment of the digest before and of today that returns the domain of its lines.
    """

    title: str
    find: object


# The first one that a line belongs to tells it.
PARTS = (
    Part(_lt("Became due, and is not done"), lambda since, today: _OPEN & Domain('due_on', '<', today) & Domain(
        'due_on', '>=', since.date())),
    Part(_lt("Due in the next four weeks"), lambda _since, today: _OPEN & Domain('due_on', '>=', today) & Domain(
        'due_on', '<=', today + timedelta(days=DAYS_AHEAD))),
    Part(_lt("New since the last digest"), lambda since, _today: Domain('state_since', '>', since) & Domain(
        'state', '!=', 'exempt')),
)


class ResUsers(models.Model):
    """The weekly digest: what each responsible of lines is told of them; nothing when there is nothing to say."""
    _inherit = 'res.users'

    openapi_pec_digest_at = fields.Datetime("Last PEC Digest", readonly=True, copy=False, groups=fields.NO_ACCESS)

    def _openapi_pec_get_digest(self):
        """Return what this user is told: parts with lines, in their order; none when there is nothing to say.

        It is what the user may see now in all of his companies; nobody else is told it, however a template is used.

        :return: ``[{'title', 'lines' (as of ``openapi_pec.position``, with ``url``), 'more' (their number)}, …]``
        :rtype: list[dict]
        """
        self.ensure_one()
        lines = self.env['openapi_pec.position'].with_user(self).with_context(
            allowed_company_ids=self.company_ids.ids, lang=self.lang or self.env.lang)
        if (self.env.user != self and not self.env.su) or not lines.has_access('read'):
            return []
        today, told = lines._get_today(), lines.browse()
        since = self.sudo().openapi_pec_digest_at or fields.Datetime.now() - timedelta(days=DAYS)
        parts = []
        for part in PARTS:
            own = lines.search(
                Domain('user_id', '=', self.id) & part.find(since, today) & Domain('id', 'not in', told.ids),
                order='due_on, id')
            told |= own
            if own:
                parts.append({
                    'title': lines._in_words(part.title), 'more': max(len(own) - SHOWN, 0),
                    'lines': [{**line._show(), 'url': f'{line.get_base_url()}/odoo/pec-positions/{line.id}'}
                              for line in lines.browse(own.ids[:SHOWN])]})
        return parts

    def _openapi_pec_mail_digest(self):
        """Mail this user the digest, if there is something to say; and keep that it was looked for."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                if self._openapi_pec_get_digest():
                    self.env.ref(TEMPLATE).send_mail(self.id)
                self.openapi_pec_digest_at = fields.Datetime.now()
        except Exception:
            # For example, somebody has broken the template: it is mailed in a week, or when the job is run by hand.
            _logger.exception("The weekly digest of user %s cannot be mailed.", self.id)


class OpenapiPecPosition(models.Model):
    """Who gets a digest, and when."""
    _inherit = 'openapi_pec.position'

    @api.model
    @job
    def _cron_digest(self):
        """Mail each responsible his digest, once in a week from Monday to Sunday, whatever ends the job halfway."""
        if not self.env.ref(TEMPLATE, raise_if_not_found=False):  # somebody wants none
            return
        commit_progress, due = self.env['ir.cron']._commit_progress, self._find_undigested()
        commit_progress(remaining=len(due))
        for user in due:
            user._openapi_pec_mail_digest()  # mail and date are written, and committed, together
            if not commit_progress(1):
                break

    @api.model
    def _find_undigested(self):
        """Return who is responsible for lines, may see them, and got no digest in this week yet."""
        today = self._get_today()
        monday, group = today - timedelta(days=today.weekday()), self.env.ref('l10n_it_openapi_pec.group_user')
        responsible = self.env['res.users'].browse(
            user.id for user, in self._read_group([('user_id', '!=', False)], ['user_id']))
        return responsible.filtered(
            lambda user: user.active and user.email and group in user.all_group_ids
            and not (user.openapi_pec_digest_at and self._get_day(user.openapi_pec_digest_at) >= monday))
