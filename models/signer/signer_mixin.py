import re

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean
from odoo.addons.l10n_it_openapi_pec.tools.pec.address import normalize_email

ID = re.compile(r'[0-9]{1,9}')
TOKEN = re.compile(r'[0-9a-f]{64}|[0-9a-f-]{36}')  # the latter of earlier versions
MAIL_ACTIVITY = 'l10n_it_openapi_pec.mail_activity_type_mail'


class OpenapiPecSignerMixin(models.AbstractModel):
    """A record with a document that somebody outside signs: he gets it by mail, and uploads it on a page without login.

    A token in the address identifies the page. It opens that page and nothing else.
    """
    _name = 'openapi_pec.signer.mixin'
    _description = "Record with a Page for Its Signer"
    _inherit = ['portal.mixin', 'mail.thread']

    # The model that inherits defines these. It also is an `openapi_pec.record.mixin`, and has `company_id` and, of who
    # signs, `first_name`, `last_name` and `email`.
    _signer_path = None  # of the page: /openapi_pec/<path>/<id>
    _signer_field = None  # the field with the contact of who signs
    _signer_document = None  # the fields <document>_mailed_at and <document>_mailed_checksum are about its mail
    _signer_template = None  # full xml id of the mail
    # What is said of the mails, lazily translated: `nothing` (to mail), `one` and `many` (%(count)s %(whom)s),
    # `leaving`, `mailed` (to %(address)s), `reminded` (likewise, %(number)s), `linkless` (beside them), `undelivered`
    # (%(address)s, %(reason)s), `addressless` (%(label)s), `too_large`, `failed`, `link_problem` (%(url)s).
    _signer_mail_sentences = {}

    # What is uploaded on the page
    signer_uploads = fields.Integer(
        readonly=True, copy=False, help="How often something was uploaded on the signer's page on that day.")
    signer_uploads_on = fields.Date(readonly=True, copy=False)

    # The mail (mailing.py)
    signing_request_id = fields.Many2one(
        'openapi_pec.signing_request', "Mail", readonly=True, copy=False, index='btree_not_null', ondelete='set null',
        help="The last mail of what is to be signed.")
    is_mail_due = fields.Boolean(
        readonly=True, copy=False, index='btree_not_null', help="About to be mailed by itself.")
    mail_state = fields.Selection(related='signing_request_id.state', string="Mail Status")
    mail_failure = fields.Char("Why the Mail Failed", compute='_compute_mail_failure')

    # Reminders (reminding.py)
    reminders_sent = fields.Integer(
        "Reminders", readonly=True, copy=False, help="How many reminders of this document were mailed by themselves.")
    remind_at = fields.Datetime(
        "Next Reminder", readonly=True, copy=False, index='btree_not_null',
        help="When a reminder is mailed by itself, if what is to be uploaded is still missing by then.")

    # What the page itself knows of its visitor (visit.py)
    page_opened_at = fields.Datetime(
        "Page Opened", compute='_compute_visit', help="When the page of who signs was opened last.")
    page_downloaded_at = fields.Datetime(
        "Downloaded", compute='_compute_visit', help="When the document to be signed was downloaded there last.")
    page_uploaded_at = fields.Datetime(
        "Last Upload Tried", compute='_compute_visit', help="When something was uploaded there last, kept or not.")

    # The link to the page (link.py)
    link_problem = fields.Char(compute='_compute_link_problem')
    # Of portal, where it is stored; for the code alone, which is superuser.
    access_token = fields.Char(compute='_compute_access_token', groups=fields.NO_ACCESS, exportable=False)
    link_generation = fields.Integer(readonly=True, copy=False, help="How often the link to the page was withdrawn.")
    link_digest = fields.Char(
        readonly=True, copy=False, groups=fields.NO_ACCESS,
        help="SHA-256 of the random token that an earlier version has mailed.")
    is_link_mailed = fields.Boolean(readonly=True, copy=False, help="Since it was withdrawn last.")
    is_link_out = fields.Boolean(compute='_compute_is_link_out', help="Somebody outside can open the page.")

    # ------------------------------------------------------------ what the model that inherits defines

    def _get_signer_document(self):
        """Return the attachment of what is to be signed, empty when there is none (yet)."""
        raise NotImplementedError

    def _is_open_to_signer(self):
        """Return whether the signer's page is open."""
        raise NotImplementedError

    def _takes_documents(self):
        """Return whether the signed document is awaited, and can be uploaded now."""
        raise NotImplementedError

    def _awaits_signer(self):
        """Return whether something is still missing that who signs can upload now."""
        raise NotImplementedError

    def _get_signing_about(self):
        """Return what the document is about, for the subject of its mail."""
        raise NotImplementedError

    def _get_judge(self):
        """Return a function that judges uploaded files without the database; it holds all that it needs.

        It takes the files (``{document: bytes}``) and how many seconds there are (None for as long as it may take), and
        returns a verdict.

        :raise OutOfTimeError: (the function) there was no time.
        """
        raise NotImplementedError

    def _get_unjudged_verdict(self):
        """Return the verdict on files that cannot be judged, because each attempt ended the process."""
        raise NotImplementedError

    def _take_upload(self, files, verdict, **said):
        """Keep the good ones of uploaded files.

        :param dict files: ``{document: bytes}``.
        :param verdict: on them, as the function of ``_get_judge`` returns it.
        :param said: what the visitor told besides.
        :return: what the page shows of it (a dict that JSON can hold), and whether all was kept.
        """
        raise NotImplementedError

    # ------------------------------------------------------------ the address of the page, and no access to the chatter

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for record in self:
            record.access_url = f'/openapi_pec/{self._signer_path}/{record.id}'
        return result

    @api.model
    def _get_thread_with_access(self, thread_id, *, hash=None, pid=None, token=None, **kwargs):  # noqa: A002 (portal's own word)
        """Let nobody read or write the chatter with the token of the signer's page."""
        return super()._get_thread_with_access(thread_id, **kwargs)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Put no link to the signer's page into what is mailed to the company."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        return [group for group in groups if group[0] != 'portal_customer']

    # ------------------------------------------------------------ who signs

    def _get_signer_name(self):
        """Return the name of who signs."""
        return clean(f"{self.first_name or ''} {self.last_name or ''}")

    def _get_signer_address(self):
        """Return the e-mail address of who signs, or False: what was typed here, otherwise the contact's as it is now.

        What was sent to the service stays as it was, but a mail that did not arrive has to go to the right address.
        """
        own, contact = map(normalize_email, (self.email, self[self._signer_field].email))
        proposed = ((self.proposals or {}).get('email') or [None, None])[1]
        return (contact if contact and (not own or own == normalize_email(proposed)) else own or contact) or False

    def _get_signer_label(self):
        """Return the name of who signs and the record, for the users of Odoo."""
        return f"{self._get_signer_name()} ({self.display_name})".strip()

    def _get_signer_lang(self):
        """Return the code of the signer's language: Italian if nothing else is known and it is installed."""
        installed = [code for code, _name in self.env['res.lang'].get_installed()]
        wanted = (self[self._signer_field].lang, 'it_IT', self.company_id.partner_id.lang, *installed)
        return next(code for code in wanted if code in installed)

    def _get_signer_url(self):
        """Return the address of the page in the signer's language; the token is put in when the mail leaves."""
        return f'{self.get_base_url()}{self.access_url}?lang={self._get_signer_lang()}'

    # ------------------------------------------------------------ the signer's page

    @api.model
    def _find_for_signer(self, record_id, token, lang):
        """Return the record whose page a visitor may see, as an anonymous visitor sees it; empty when there is none.

        :param str record_id: the identifier in the address, which may be anything.
        :param str token: the secret in the address, likewise.
        :param str lang: the code of the language to speak.
        """
        public = self.env.ref('base.public_user').sudo()
        records = self.with_env(
            self.env(user=public.id, su=True, context={'lang': lang, 'tz': public.tz or 'Europe/Rome'}))
        record = records.browse(int(record_id)).exists() if ID.fullmatch(record_id) else records
        known = bool(TOKEN.fullmatch(token)) and record._knows_token(token)
        return record if known and record._is_open_to_signer() else records.browse()

    def _count_signer_upload(self):
        """Count an upload, whether it is kept or not.

        :return: whether it is among the ``const.signature.SIGNER_UPLOADS`` of a day, which are judged.
        """
        today = fields.Date.today()
        count = self.signer_uploads + 1 if self.signer_uploads_on == today else 1
        if count > const.signature.SIGNER_UPLOADS:
            return False
        self.write({'signer_uploads': count, 'signer_uploads_on': today})
        self.flush_recordset()  # another upload at this moment waits, and is counted anew
        return True
