import hashlib
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.l10n_it_openapi_pec.tools import p7m
from odoo.addons.l10n_it_openapi_pec.wizards.filing import upload
from odoo.addons.l10n_it_openapi_pec.wizards.filing.upload import RECEIVE_LIMITS

import p7m_files as files

from ..common import PATCH, PecCase
from ..tools.test_zip_reader import make_zip, special


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestReceive(PecCase):
    """Signed files that come back together find their filings by what they contain."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mario = files.identity()
        cls.warned = files.identity(statements=None)  # not qualified

    def create_waiting(self, count, **values):
        """Return filings that wait for their signature, each with a power of attorney of its own."""
        filings = self.create_many(count, **values)
        attachments = self.env['ir.attachment'].create([{
            'name': f'procura {filing.id}.pdf', 'raw': files.PDF + b'%d' % filing.id, 'res_model': filing._name,
            'res_id': filing.id,
        } for filing in filings])
        for filing, attachment in zip(filings, attachments, strict=True):
            filing.procura_id = attachment
        self.env.flush_all()
        return filings

    def create_many(self, count, **values):
        ids = self.sandbox.create_filings(count, 'in_attesa_di_documenti')
        return self.env['openapi_pec.communication'].create([{
            'partner_id': self.partner.id, 'user_id': self.user.id, 'remote_id': remote_id,
            'remote_state': 'in_attesa_di_documenti', 'state': 'awaiting_documents', 'environment': 'sandbox',
            'pec_email': f'{remote_id}@legalmail.it', **values,
        } for remote_id in ids])

    def signed(self, filing, identity=None):
        return files.sign(identity or self.mario, filing.procura_id.raw)

    def receive(self, *uploads, user=None):
        """Upload files, as ``(name, content)``, and have them read."""
        reception = self.env['openapi_pec.upload'].with_user(user or self.user).create({})
        reception.attachment_ids = reception.env['ir.attachment'].create([
            {'name': name, 'raw': content, 'res_model': reception._name, 'res_id': 0} for name, content in uploads])
        reception.action_read()
        return reception

    def found(self, reception):
        """Return ``{name of a file: (what became of it, its filing)}``."""
        return {line.name: (line.status, line.communication_id) for line in reception.line_ids}

    def line(self, reception, name):
        return reception.line_ids.filtered(lambda line: line.name == name)

    def test_everything_at_once(self):
        good, warned, named_wrongly, delivered, refused, unsigned = filings = self.create_waiting(6)
        delivered.state = 'documents_uploaded'
        nothing = self.env['openapi_pec.communication']
        cns = files.identity(usage='digital_signature')
        content = make_zip(
            ('good.p7m', self.signed(good)),
            ('warned.p7m', self.signed(warned, self.warned)),
            (f'{good.name.replace("/", "-")}.txt', self.signed(named_wrongly)),
            ('delivered.p7m', self.signed(delivered)),
            ('refused.p7m', self.signed(refused, cns)),
            ('unsigned.pdf', unsigned.procura_id.raw),
            ('good again.p7m', self.signed(good)),
            ('stranger.p7m', files.sign(self.mario)),
            ('junk.p7m', b'junk'),
            ('__MACOSX/._good.p7m', b'x'),
            ('../evil.p7m', self.signed(good)),
            special('link.p7m', 0o120777),
        )
        reception = self.receive(('back.zip', content))
        self.assertEqual(self.found(reception), {
            'good.p7m': ('good', good),
            'warned.p7m': ('warning', warned),
            f'{good.name.replace("/", "-")}.txt': ('good', named_wrongly),
            'delivered.p7m': ('delivered', delivered),
            'refused.p7m': ('refused', refused),
            'unsigned.pdf': ('refused', unsigned),
            'good again.p7m': ('duplicate', nothing),
            'stranger.p7m': ('unmatched', nothing),
            'junk.p7m': ('refused', nothing),
            '__MACOSX/._good.p7m': ('ignored', nothing),
            '../evil.p7m': ('refused', nothing),
            'link.p7m': ('refused', nothing),
        })
        for name, sentence in [
            ('good.p7m', "Signed by: Mario Rossi ("), ('warned.p7m', "does not call itself qualified"),
            ('refused.p7m', "authentication certificate"), ('unsigned.pdf', "This PDF is not signed digitally"),
            ('good again.p7m', "The same file as good.p7m"),
            ('stranger.p7m', "not the power of attorney of any filing"), ('junk.p7m', "not a digitally signed file"),
            ('../evil.p7m', "leads out of the zip"), ('link.p7m', "a link to a file elsewhere"),
        ]:
            self.assertIn(sentence, self.line(reception, name).sentence)
        self.assertEqual(reception.line_ids.filtered('is_ticked').communication_id, good + named_wrongly)
        self.assertEqual(reception.summary, (
            "To Be Looked At: 1, Refused: 5, Without a Filing: 1, Good: 2, Not Waited For: 1, Duplicate: 1, "
            "Left Out: 1"))
        self.assertEqual(reception.line_ids[0].status, 'warning')
        self.assertFalse(reception.attachment_ids.exists())
        self.assertFalse(filings.signed_procura_id)

        reception.action_send()
        self.assertEqual(reception.sent_count, 2)
        self.assertEqual((good + named_wrongly).mapped('state'), ['queued', 'queued'])
        self.assertEqual(good.signed_procura_id.raw, self.signed(good))
        self.assertEqual((warned + refused + unsigned).mapped('state'), ['awaiting_documents'] * 3)
        self.assertIn("Signed by: Mario Rossi (", self.messages(good))
        self.assertNotIn('RSSMRA80A01H501U', self.messages(good))
        self.run_cron('dispatch')
        self.assertEqual((good + named_wrongly).mapped('state'), ['documents_uploaded'] * 2)
        self.assertEqual(self.sandbox.executed(PATCH), 2)

        self.line(reception, 'warned.p7m').is_ticked = True
        reception.action_send()
        self.commit()
        self.assertEqual(warned.state, 'documents_uploaded')
        self.assertIn("does not call itself qualified", self.messages(warned))
        self.assertFalse(reception.is_sendable)
        with self.assertRaisesRegex(UserError, "No file is ticked"):
            reception.action_send()
        self.assertEqual(reception.action_open_filings()['domain'][0][2], reception.line_ids.communication_id.ids)
        self.assertEqual(self.line(reception, 'good.p7m').action_open()['res_id'], good.id)
        self.assertEqual(reception.action_start_again()['res_model'], reception._name)

    def test_files_by_themselves(self):
        first, second = self.create_waiting(2)
        reception = self.receive(
            ('a.p7m', self.signed(first)), ('b.zip', make_zip(('b.p7m', self.signed(second)))), ('c.zip', b'no zip'),
            ('empty.zip', make_zip()))
        self.assertEqual({name: status for name, (status, _filing) in self.found(reception).items()}, {
            'a.p7m': 'good', 'b.p7m': 'good', 'c.zip': 'refused'})
        self.assertEqual(self.found(self.receive(('empty.zip', make_zip())))['—'][0], 'refused')

    def test_the_best_of_several_for_one_filing(self):
        first, second = self.create_waiting(2)
        reception = self.receive(('x.zip', make_zip(
            ('1 warned', self.signed(first, self.warned)), ('1 good', self.signed(first)),
            ('1 good too', files.pem(self.signed(first))), ('2 good', self.signed(second)),
            ('2 warned', self.signed(second, self.warned)))))
        self.assertEqual({name: status for name, (status, _filing) in self.found(reception).items()}, {
            '1 warned': 'duplicate', '1 good': 'good', '1 good too': 'duplicate', '2 good': 'good',
            '2 warned': 'duplicate'})
        self.assertIn("there is 1 good as well", self.line(reception, '1 warned').sentence)
        self.assertEqual(reception.line_ids.filtered('is_ticked').mapped('name'), ['1 good', '2 good'])
        for line in reception.line_ids.sudo():
            self.assertEqual(bool(line.file), line.status == 'good', line.name)

    def test_the_same_power_of_attorney_twice(self):
        first, second = self.create_waiting(2)
        second.procura_id.raw = first.procura_id.raw
        reception = self.receive(('a.p7m', self.signed(first)))
        self.assertEqual(self.found(reception)['a.p7m'][0], 'unmatched')
        self.assertIn(first.name, reception.line_ids.sentence)
        first.state = 'completed'
        self.assertEqual(self.found(self.receive(('a.p7m', self.signed(first))))['a.p7m'], ('good', second))

    def test_armour_filled_in_and_an_earlier_upload(self):
        filing = self.create_waiting(1)
        self.upload(filing, b'an earlier try')
        earlier = filing.signed_procura_id
        signed = files.sign(self.mario, filing.procura_id.raw + b'\nfilled in')
        reception = self.receive(('as text.p7m', files.pem(signed)))
        self.assertEqual(self.found(reception), {'as text.p7m': ('good', filing)})
        reception.action_send()
        self.assertFalse(earlier.exists())
        self.assertEqual(filing.signed_procura_id.raw, signed)
        self.assertEqual(filing.signed_procura_id.name, f'{filing.procura_id.name}.p7m')
        self.commit()
        [remote] = self.sandbox.filings()
        self.assertEqual(remote['documents'][0]['size'], len(signed))

    def test_what_has_gone_on_meanwhile_stops_nothing(self):
        first, second = self.create_waiting(2)
        reception = self.receive(('1', self.signed(first)), ('2', self.signed(second)))
        first.state = 'completed'
        reception.action_send()
        self.assertEqual([line.status for line in reception.line_ids.sorted('name')], ['delivered', 'sent'])
        self.assertEqual((first + second).mapped('state'), ['completed', 'queued'])

    def test_each_is_judged_once_and_all_are_searched_once(self):
        judged = []
        judge = p7m.judge

        def count(content, **terms):
            judged.append(hashlib.sha256(content).digest())
            return judge(content, **terms)

        def queries(filings):
            content = make_zip(*((str(filing.id), self.signed(filing)) for filing in filings), *(
                (f'{filing.id} again', self.signed(filing)) for filing in filings))
            reception = self.env['openapi_pec.upload'].with_user(self.user)
            judged.clear()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            received = reception._judge_files(reception._read_upload(
                self.env['ir.attachment'].new({'name': 'x.zip', 'raw': content}), reception._get_limits()))
            self.assertEqual(
                [values['status'] for values in received], ['good'] * len(filings) + ['duplicate'] * len(filings))
            self.assertEqual(len(judged), len(filings))
            return self.env.cr.sql_log_count - before

        filings = self.create_waiting(60)
        with patch.object(p7m, 'judge', count):
            queries(filings[:2])  # fills the caches that belong to no filing
            few = queries(filings[:10])
            self.assertEqual(queries(filings), few)
            self.assertLess(few, 20)
            reception = self.receive(*((str(filing.id), self.signed(filing)) for filing in filings))
            judged.clear()
            before = self.env.cr.sql_log_count
            reception.action_send()
            self.env.flush_all()
            self.assertEqual(len(judged), len(filings), "each by what is known now")
            self.assertLess((self.env.cr.sql_log_count - before) / len(filings), 10)
        self.assertEqual(set(filings.mapped('state')), {'queued'})

    def test_send_many_from_the_list(self):
        filings = self.create_waiting(2)
        send = self.env.ref('l10n_it_openapi_pec.action_communication_send').with_user(self.user).with_context(
            active_model=filings._name, active_ids=filings.ids)
        self.upload(filings[0])
        with self.assertRaisesRegex(UserError, "Nothing was sent"), self.cr.savepoint():
            send.run()
        self.assertEqual(set(filings.mapped('state')), {'awaiting_documents'})
        self.upload(filings[1])
        send.run()
        self.run_cron('dispatch')
        self.assertEqual(set(filings.mapped('state')), {'documents_uploaded'})

    def test_bounds(self):
        filing = self.create_waiting(1)
        self.patch(upload, 'RECEIVE_LIMITS', {**RECEIVE_LIMITS, 'entries': 3})
        reception = self.receive(('a.zip', make_zip(('1', b'1'), ('2', b'2'))), ('3', b'3'), ('4', self.signed(filing)),
                                 ('b.zip', make_zip(('5', b'5'))))
        self.assertEqual(reception.line_ids.sorted('id').mapped('name'), ['1', '2', '3', '4', '…'])
        self.assertIn("there are too many files", self.line(reception, '4').sentence)
        self.patch(upload, 'RECEIVE_SECONDS', -1)
        reception = self.receive(('a.zip', make_zip(('1', self.signed(filing)), ('a/', b''))))
        self.assertEqual(reception.line_ids.mapped('status'), ['refused', 'ignored'])
        self.assertIn("took too long", self.line(reception, '1').sentence)
        self.patch(upload, 'RECEIVE_LIMITS', {**RECEIVE_LIMITS, 'size': 10})
        with self.assertRaisesRegex(UserError, "nothing was read"):
            self.receive(('a', b'x' * 11))
        with self.assertRaisesRegex(UserError, "Choose the zip"):
            self.receive()

    def test_who_may(self):
        filing = self.create_waiting(1)
        reception = self.receive(('a.p7m', self.signed(filing)))
        line = reception.line_ids
        for forge in (
            lambda: line.write({'status': 'good'}), lambda: line.write({'file': b'x'}),
            lambda: line.write({'communication_id': 1}),
            lambda: line.create({'receive_id': reception.id, 'status': 'good'}), line.unlink,
            lambda: line.read(['file']),
            lambda: reception.write({'line_ids': [Command.create({'status': 'good'})]}),
            lambda: reception.write({'line_ids': [Command.update(line.id, {'status': 'sent'})]}),
            self.env['ir.attachment'].search([('res_model', '=', line._name), ('res_field', '=', 'file')]).with_user(
                self.user).unlink,
            lambda: reception.with_user(self.manager).action_send(),
            lambda: reception.with_user(self.manager).action_read(),
            lambda: line.with_user(self.manager).read(['name']),
            lambda: reception.with_user(self.outsider).create({}),
        ):
            with self.assertRaises(AccessError):
                forge()
        company = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(self.env, 'pec_stranger', 'base.group_user,l10n_it_openapi_pec.group_user',
                                 company_id=company.id, company_ids=[Command.set(company.ids)])
        self.assertEqual(
            self.found(self.receive(('a.p7m', self.signed(filing)), user=stranger))['a.p7m'][0], 'unmatched')
        self.assertEqual(filing.state, 'awaiting_documents')

    def test_without_an_account_nothing_is_sent(self):
        filing = self.create_waiting(1)
        reception = self.receive(('a.p7m', self.signed(filing)))
        self.company.openapi_pec_token = False
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            reception.action_send()
        self.assertFalse(filing.signed_procura_id)

    def test_nothing_is_left_behind(self):
        filing = self.create_waiting(1)
        reception = self.receive(('a.p7m', self.signed(filing)), ('b.p7m', b'junk'))
        kept = [('res_model', '=like', 'openapi_pec.upload%'), ('res_field', 'in', (False, 'file'))]
        self.assertEqual(self.env['ir.attachment'].search_count(kept), 1)
        forgotten = self.env['ir.attachment'].create(
            {'name': 'x', 'raw': b'x', 'res_model': reception._name, 'res_id': 0})
        reception._gc_uploads()
        self.assertTrue(forgotten.exists())
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = create_date - interval '2 days' WHERE id = %s", [forgotten.id])
        self.env.invalidate_all()
        reception.sudo()._gc_uploads()
        self.assertFalse(forgotten.exists())
        reception.sudo().unlink()
        self.assertFalse(self.env['ir.attachment'].search_count(kept))
