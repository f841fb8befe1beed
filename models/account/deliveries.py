"""The audit of the callbacks: what the vendor tried to deliver to this Odoo, and whether it could."""
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import consteq
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api import deliveries
from odoo.addons.l10n_it_openapi_pec.tools.api.client import HOSTS
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent, OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.clock import add_zone

from ..service.lock import run_unless_met
from ..service.rights import check_company, check_right

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__, default_lang='en_US')

AUDIT_HOURS = 23  # after which the job reads the vendor's list again
AUDIT_DAYS = 30  # of which it is read
CREATIONS = ('comunica_pec', 'pec')  # the calls that register a callback are a POST of these

# What came of asking our own address -> what is said of it; `status` 200 is told apart: only this Odoo gives it.
LOOKS = {
    'not_public': _lt(
        "%(address)s is no public https address: nobody outside can call it. Set the system parameter web.base.url to "
        "the address at which this Odoo is reached from outside."),
    'no_name': _lt(
        "This server finds no address for the name %(detail)s. If nobody outside does either, correct the name, or the "
        "system parameter web.base.url."),
    'private': _lt(
        "Seen from this server, the name %(detail)s leads into a private network, and was not called. "
        "Outside it may lead elsewhere: only the vendor's deliveries tell."),
    'silent': _lt(
        "%(address)s did not answer this server in time, or its certificate is not valid. Some networks do not let a "
        "server reach its own public address: only the vendor's deliveries tell whether it is reached from outside."),
    'other': _lt(
        "%(address)s answered this server with HTTP status %(status)s, and it was not this database that answered. Let "
        "the proxy send POST %(path)s to this Odoo, and to this database, or correct web.base.url."),
    'reached': _lt(
        "This database answers at %(address)s, as this server sees it. Whether it is reached from outside as well, "
        "only the vendor's deliveries tell."),
}


class OpenapiPecAccount(models.Model):
    """What the vendor could not deliver to our callback address, with its own evidence, and a test of that address."""
    _inherit = 'openapi_pec.account'

    # ------------------------------------------------------------ COMPUTE

    @api.depends(
        'callbacks_read_at', 'callbacks_partial', 'callbacks_address', 'callbacks_delivered_at', 'callbacks_failed_at',
        'callbacks_failed', 'callbacks_status')
    @api.depends_context('lang', 'tz')
    def _compute_callbacks_sentence(self):
        for account in self:
            account.callbacks_problem = account._get_callback_problem()
            account.callbacks_sentence = account._get_callback_sentence()

    def _get_callback_addresses(self):
        """Return with what the addresses begin that are given to the vendor (list of str)."""
        return list(dict.fromkeys(company.get_base_url() + const.service.CALLBACK_PATH for company in self.company_ids))

    def _get_callback_problem(self):
        """Return the sentence that says that our callback address cannot be reached; False while nothing shows it.

        What was told of an address that is not given out any more says nothing of the present one; nor does anybody
        know without the key what was delivered since.
        """
        if self.callbacks_failed < deliveries.FEWEST or not self._has_key() or (
                self.callbacks_address not in self._get_callback_addresses()):
            return False
        show = self.env['res.company']._openapi_pec_show_moment
        return ' '.join([
            self.env._(
                "Your callback address %(address)s cannot be reached from outside. By Openapi's own list, read on "
                "%(read)s, %(count)s callbacks could not be delivered, the last one on %(date)s (%(answer)s), and none "
                "was since.",
                address=self.callbacks_address, read=show(self.callbacks_read_at), count=self.callbacks_failed,
                date=show(self.callbacks_failed_at), answer=self._show_callback_status()),
            self.env._(
                "Nothing is lost: Odoo reads the states every 30 minutes. To have them at once, a system administrator "
                "corrects the system parameter web.base.url, or lets the proxy send POST %(path)s to Odoo, and then "
                "presses \"Test the Callback\" on the account.", path=const.service.CALLBACK_PATH)])

    def _show_callback_status(self):
        """Return what the last callback that could not be delivered was answered with, in words."""
        return self.env._("HTTP status %s", self.callbacks_status) if self.callbacks_status else self.env._("no answer")

    def _get_callback_sentence(self):
        """Return what the vendor tells of its deliveries, where nothing is wrong with them, or what is not known."""
        if not self._has_key():
            return self.env._("What Openapi tells of its deliveries is not available without the API key.")
        show = self.env['res.company']._openapi_pec_show_moment
        if not self.callbacks_read_at:
            return self.env._("The list of Openapi's deliveries has not been read yet.")
        read = self.env._("Openapi's list of deliveries was read on %s.", show(self.callbacks_read_at))
        if self.callbacks_partial:
            told = self.env._(
                "It could not be read whole: what it lacks says nothing, and what was known before stays.")
        elif self.callbacks_address not in self._get_callback_addresses() or not (
                self.callbacks_delivered_at or self.callbacks_failed):
            told = self.env._(
                "In the last %s days it tells of no callback to your address. Openapi sends one when a filing or a "
                "mailbox changes; none can be ordered for a test.", AUDIT_DAYS)
        elif self.callbacks_failed >= deliveries.FEWEST:
            told = ''  # it is said apart
        elif self.callbacks_failed:
            told = self.env._(
                "One callback could not be delivered, on %(date)s (%(answer)s); the next one tells more.",
                date=show(self.callbacks_failed_at), answer=self._show_callback_status())
        else:
            told = self.env._("The last callback was delivered on %s.", show(self.callbacks_delivered_at))
        return f'{read} {told}'.strip()

    # ------------------------------------------------------------ SYNCHRONISATION

    def _audit_callbacks(self):
        """Read once a day what the vendor could deliver; without the key there is nothing to read."""
        since = fields.Datetime.now() - timedelta(hours=AUDIT_HOURS)
        if (self.callbacks_read_at and self.callbacks_read_at > since) or not self._has_key():
            return
        try:
            rows = self._list_callbacks()
        except OpenapiPecError as error:
            _logger.info("The callbacks of account %s cannot be read now: %s", self.id, error)
            return
        run_unless_met(self.env.cr, lambda: self._keep_deliveries(rows))

    def _list_callbacks(self):
        """Read what the vendor tried to deliver of late.

        :rtype: Rows
        :raise OpenapiPecError: it cannot be read now.
        """
        host = HOSTS[self.environment].removeprefix('https://')
        since = add_zone(fields.Datetime.now()) - timedelta(days=AUDIT_DAYS)
        return self._get_client().list_callbacks([f'POST:{host}/{name}' for name in CREATIONS], since)

    def _keep_deliveries(self, rows):
        """Keep what a list of callbacks tells; one that lacks rows cannot say that nothing was delivered since.

        :param Rows rows: of :meth:`_list_callbacks`.
        """
        if not rows.is_whole or rows.unreadable:
            self.write({'callbacks_read_at': fields.Datetime.now(), 'callbacks_partial': True})
            return
        told = deliveries.judge(rows, self._get_callback_addresses()) or deliveries.Evidence(False)
        self.write({
            'callbacks_read_at': fields.Datetime.now(),
            'callbacks_partial': False,
            'callbacks_address': told.address,
            'callbacks_delivered_at': told.delivered_at and told.delivered_at.replace(tzinfo=None, microsecond=0),
            'callbacks_failed_at': told.failed_at and told.failed_at.replace(tzinfo=None, microsecond=0),
            'callbacks_failed': told.failed,
            'callbacks_status': told.status,
        })

    # ------------------------------------------------------------ ACTIONS

    def action_test_callback(self):
        """Ask our own callback address, read the vendor's evidence anew, and show both."""
        check_right(self.env, 'accept')
        self.check_access('read')
        check_company(self.company_ids & self.env.companies or self.company_ids)
        account = self.sudo()[:1]
        if not account:
            return False
        is_reached, sentences = account._ask_callback_addresses()
        try:
            rows = account._list_callbacks()
        except NotSent as error:
            unread = error.reason != 'no_key' and account._get_unread_sentence(error)
        except OpenapiPecError as error:
            unread = account._get_unread_sentence(error)
        else:
            unread = False
            account._keep_deliveries(rows)
        problem = account._get_callback_problem()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success' if is_reached and not (problem or unread) else 'warning',
                'sticky': True,
                'title': self.env._("Test of the Callback"),
                'message': ' '.join(filter(None, [*sentences, unread or account._get_callback_sentence(), problem])),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

    def _ask_callback_addresses(self):
        """Ask the addresses that are given to the vendor, each with a callback that means nothing.

        :return: ``(whether this database answers at all of them, [a sentence of each])``.
        :rtype: tuple
        """
        token, sentences, is_reached = self._get_callback_probe(), [], True
        for address in self._get_callback_addresses():
            look = deliveries.ask(address + token)
            answered = 'reached' if look.status == 200 else 'other'
            kind = answered if look.kind == 'answered' else look.kind
            is_reached = is_reached and kind == 'reached'
            sentences.append(self._in_words(LOOKS[kind]) % {
                'address': address, 'detail': look.detail, 'status': look.status, 'path': const.service.CALLBACK_PATH})
        return is_reached, sentences

    @api.model
    def _get_callback_probe(self):
        """Return what stands for the secret of a callback that means nothing: this database alone knows it."""
        return 'own-' + self.env['openapi_pec.secret'].sudo()._derive_token('callback', self.browse(), 0)

    @api.model
    def _is_callback_probe(self, token):
        """Return whether a callback comes from :meth:`action_test_callback` of this database."""
        return consteq(token, self._get_callback_probe())
