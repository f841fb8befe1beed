import base64
import logging
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.l10n_it_openapi_pec.tools.upload.pdf import OutOfTimeError

from ..service.lock import hold_alone
from .file_content import read_content

_logger = logging.getLogger(__name__)

SIGNER_JUDGE_SECONDS = 1  # of judging in the visitor's request, before the scheduled job goes on
SIGNER_JUDGE_ATTEMPTS = 3  # to judge an upload: a file that ends the process each time cannot be judged
SIGNER_RESULT_DAYS = 7  # for which the page shows why an upload was not kept

# First key of the advisory locks of this model: any constant of our own. The second key is JUDGING, or a record's.
LOCK = 0x9ED
JUDGING = 0
DOCUMENTS = ('signed_file', 'signed_form', 'identity_document', 'identity_back')


class OpenapiPecSignerUpload(models.Model):
    """What was uploaded on the page of a signer, kept until it is judged: whoever has the link may send anything.

    It is judged without a transaction, without a lock on any row, and one upload at a time in this database, so that a
    file that takes long keeps one process busy at the most. The visitor's own request tries for a moment; a scheduled
    job does what is left.
    """
    _name = 'openapi_pec.signer_upload'
    _description = "Upload on a Signer's Page"
    _order = 'id'

    communication_id = fields.Many2one(
        'openapi_pec.communication', readonly=True, index='btree_not_null', ondelete='cascade')
    mailbox_id = fields.Many2one('openapi_pec.mailbox', readonly=True, index='btree_not_null', ondelete='cascade')
    # In the table, not as attachments: Odoo unpacks those when they are made, and gives them an address.
    signed_file = fields.Binary(attachment=False, groups=fields.NO_ACCESS)
    signed_form = fields.Binary(attachment=False, groups=fields.NO_ACCESS)
    identity_document = fields.Binary(attachment=False, groups=fields.NO_ACCESS)
    identity_back = fields.Binary(attachment=False, groups=fields.NO_ACCESS)
    said = fields.Json(
        readonly=True, groups=fields.NO_ACCESS, help="What the visitor wrote on the form besides the files.")
    lang = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True, help="How often it was begun to judge it.")
    state = fields.Selection(
        [('waiting', "To Be Judged"), ('judged', "Judged")], default='waiting', required=True,
        readonly=True, index=True)
    result = fields.Json(readonly=True, groups=fields.NO_ACCESS, help="What the page shows of it.")

    def init(self):
        """Have PostgreSQL store the files uncompressed: to compress a large one takes a second and saves nothing."""
        for name in DOCUMENTS:
            self.env.cr.execute(SQL(
                "ALTER TABLE %s ALTER COLUMN %s SET STORAGE EXTERNAL", SQL.identifier(self._table),
                SQL.identifier(name)))

    def _get_record(self):
        """Return the filing, or the mailbox, as the visitor's page sees it."""
        record = self.communication_id or self.mailbox_id
        public = self.env.ref('base.public_user').sudo()
        return record.with_env(
            self.env(user=public.id, su=True, context={'lang': self.lang, 'tz': public.tz or 'Europe/Rome'}))

    def _read_files(self):
        """Return the uploaded files, ``{document: bytes}``; an empty file that was chosen is among them."""
        return dict.fromkeys(self.said['empty'], b'') | {
            name: content for name in DOCUMENTS if (content := read_content(self, name))}

    # ------------------------------------------------------------ when an upload is judged

    def _judge_at_once(self):
        """Judge this upload in the visitor's request, unless another one is being judged now.

        :return: what the page shows of it; None while it is not judged.
        """
        with self._alone(JUDGING, wait=False) as is_alone:
            result = is_alone and self._judge(SIGNER_JUDGE_SECONDS)
        if result:
            return result
        self._trigger_cron()
        return None

    @api.model
    def _trigger_cron(self):
        """Have the scheduled job run soon, which judges what is left."""
        self.env.ref('l10n_it_openapi_pec.ir_cron_uploads').sudo()._trigger()

    @api.model
    def _cron_judge(self):
        """Judge what visitors' requests have left, one upload after the other."""
        commit_progress = self.env['ir.cron']._commit_progress
        waiting_ids = self.search([('state', '=', 'waiting')]).ids
        commit_progress(remaining=len(waiting_ids))
        for upload_id in waiting_ids:
            with self._alone(JUDGING):
                upload = self.browse(upload_id)
                try:
                    upload._judge()
                except Exception:
                    _logger.exception("%s cannot be judged.", upload)
                    self.env.cr.rollback()
            if not commit_progress(1):
                return

    @api.model
    @contextmanager
    def _alone(self, key, wait=True):
        """Hold the lock on judging in this database, or on the uploads of one record, in a session of its own.

        PostgreSQL frees it when the process dies. A transaction that begins within it meets no other one that does the
        same. Otherwise Odoo would let the request wait for seconds and run it again.

        :param int key: JUDGING, or that of a record.
        :param bool wait: whether to wait for it.
        :return: whether it is held.
        """
        with hold_alone(self.pool, LOCK, key, wait) as is_held:
            yield is_held

    # ------------------------------------------------------------ judging

    def _judge(self, patience=None):
        """Judge this upload, and keep the good files on its record.

        :param float patience: how many seconds there are; None for as long as it may take. The result is for the
            visitor who waits.
        :return: what the page shows of it; None when it is not judged: there was no time, or it was replaced meanwhile.
        """
        cr = self.env.cr
        try:
            if self.exists().state != 'waiting':  # it was judged or replaced at this moment
                return None
            self.attempts += 1
            record = self._get_record()
            files, judge = self._read_files(), record._get_judge()
            is_endless, key = self.attempts > SIGNER_JUDGE_ATTEMPTS, self._get_key(record)
            # Nobody waits for this transaction while the files are judged.
            cr.commit()  # pylint: disable=invalid-commit
            verdict = record._get_unjudged_verdict() if is_endless else judge(files, patience)
            with self._alone(key):
                result = self._record_outcome(files, verdict, is_awaited=patience is not None)
                # A click at this moment has the upload judged later, instead of the request run again.
                cr.commit()  # pylint: disable=invalid-commit
            return result
        except OutOfTimeError:
            return None
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("%s, or what it is about, is being changed by somebody else: judged later.", self)
            cr.rollback()
            self._trigger_cron()
            return None

    def _record_outcome(self, files, verdict, is_awaited):
        """Keep the good files on the record, and delete the uploaded ones.

        :param bool is_awaited: whether the visitor sees the result at once; otherwise it is kept until he asks again,
            as is that of a file that was kept but has to be looked at.
        :return: what the page shows.
        """
        if not self.try_lock_for_update():
            return None
        record = self._get_record()
        if record._takes_documents():
            result, is_kept = record._take_upload(files, verdict, **self.said)
        else:
            result, is_kept = {'problem': 'not_awaited'}, False
        is_doubtful = result.get('level') == 'warning'  # kept, and told again when the page is opened again
        if (is_kept or is_awaited) and not is_doubtful:
            self.unlink()
        else:
            self.write({'state': 'judged', 'result': result, **dict.fromkeys(DOCUMENTS, False)})
        return result

    @api.autovacuum
    def _gc_results(self):
        """Delete the results that the page has shown long enough."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=SIGNER_RESULT_DAYS)
        self.search([('state', '=', 'judged'), ('write_date', '<', since)]).unlink()

    # ------------------------------------------------------------ how an upload is kept

    @api.model
    def _receive(self, record, files, **said):
        """Count an upload, save it in a transaction of its own, and judge it if possible at once.

        :param dict files: ``{document: bytes}`` of what was chosen.
        :param said: what else the visitor told on the form.
        :return: what the page shows of it: None while it is not judged, False when there were too many today.
        """
        # Nothing was written yet; the new transaction sees what others have just done.
        self.env.cr.commit()  # pylint: disable=invalid-commit
        with self._alone(self._get_key(record)):
            if not record._count_signer_upload():
                return False
            upload = self._keep(record, files, **said)
            self.env['openapi_pec.signer_visit']._note(record, 'uploaded')
            # From here on the upload is there, even if this process dies.
            self.env.cr.commit()  # pylint: disable=invalid-commit
        return upload._judge_at_once()

    @api.model
    def _keep(self, record, files, **said):
        """Save what was uploaded on the page of a record; it replaces what waits of the same documents.

        :param dict files: ``{document: bytes}`` of what was chosen.
        :param said: what else the visitor told on the form.
        """
        return self._keep_each([(record, files, said)])

    @api.model
    def _keep_each(self, uploads):
        """Save what was uploaded for some records of one model, as :meth:`_keep` does.

        :param list uploads: of ``(record, files, said)``.
        """
        link = self._get_link(uploads[0][0])
        earlier = self.search([(link, 'in', [record.id for record, _files, _said in uploads])])
        known = {upload[link].id: upload for upload in earlier}  # the last one of each
        values = [{
            link: record.id, 'lang': record.env.lang, **known.get(record.id, self.browse())._prepare_next(files, said),
        } for record, files, said in uploads]
        earlier.unlink()
        return self.create(values)

    def _prepare_next(self, files, said):
        """Return the values of what takes the place of this upload, which there need not be: its other documents stay
        if it waits.
        """
        if self.state == 'waiting':
            kept = self._read_files()
            if 'identity_document' in files:  # another one, to which that back does not belong
                kept.pop('identity_back', None)
            elif self.said.get('is_one_page'):  # which was said of the earlier one
                said = {**said, 'is_one_page': True}
            files = kept | files
        return {
            'said': {**said, 'empty': [name for name, content in files.items() if not content]},
            **{name: base64.b64encode(content) for name, content in files.items() if content}}

    @api.model
    def _find(self, record):
        """Return the upload of a record that waits, or was judged and not kept; empty when there is none."""
        return self.search([(self._get_link(record), '=', record.id)], order='id desc', limit=1)

    @api.model
    def _get_key(self, record):
        """Return the key of the lock on the uploads of a record."""
        return record.id if record._name == 'openapi_pec.communication' else -record.id

    @api.model
    def _get_link(self, record):
        return 'communication_id' if record._name == 'openapi_pec.communication' else 'mailbox_id'
