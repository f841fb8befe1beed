import re

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common_chamber import (
    CHAMBER,
    CODE,
    DOMAIN,
    FOREIGN_CODE,
    PERSON_CODE,
    ChamberCase,
    wrap,
    write_data,
    write_mail,
    write_receipt,
)

# What a chamber may write -> the outcome that it proposes.
NOTICES = [
    ("Ricevuta di avvenuta presentazione della pratica. È pervenuta all'ufficio.", 'ricevuta'),
    ("Ricevuta di protocollazione: numero di protocollo RM-2026-123456.", 'protocollata'),
    ("La pratica, numero di protocollo RM-2026-1234, è stata sospesa: si chiede la correzione del modulo.", 'sospesa'),
    ("Gestione correzioni: occorre regolarizzare la pratica.", 'sospesa'),
    ("La pratica con numero di protocollo RM-2026-123456 risulta evasa.", 'evasa'),
    ("L'atto è stato iscritto nel Registro delle Imprese.", 'evasa'),
    ("La domanda è stata rigettata, numero di protocollo RM-2026-123456.", 'respinta'),
    ("La pratica è irricevibile.", 'irricevibile'),
    ("La pratica è evasa oppure sospesa.", 'unclear'),
    ("La pratica non è stata sospesa.", 'unclear'),
    ("Buongiorno, cordiali saluti.", False),
    # What only sounds like an outcome:
    ("La società FALEGNAMERIA PROVA S.R.L., iscritta nel Registro delle Imprese di Roma dal 1998.", False),
    ("L'impresa è stata iscritta nel Registro delle Imprese nel 1998.", False),
    ("La pratica è protocollata ed in attesa di evasione.", 'protocollata'),
    ("La pratica protocollata risulta in corso di evasione.", 'protocollata'),
    ("I tempi medi di evasione sono di cinque giorni.", False),
    ("Non si ritiene, per quanto risulta oggi, che la pratica debba essere sospesa.", 'unclear'),
    ("Si attende che la pratica venga evasa.", 'unclear'),
]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestChamberMessage(ChamberCase):
    """Mail comes in as Odoo's gateway gives it; it proposes, and a person confirms."""

    def assert_nothing_changed(self, filing=None):
        filing = filing or self.filing
        self.assertEqual(
            (filing.state, filing.chamber_outcome, filing.chamber_protocol, filing.chamber_note, filing.chamber_date),
            ('completed', False, False, False, False))

    def assert_listed(self, message, reason):
        """Say that a message waits in the list, and stands in no chatter."""
        self.assertEqual((message.state, message.reason), ('unmatched', reason))
        self.assertFalse(message.communication_id)
        self.assertNotIn("Mail that may be", self.messages(self.filing))
        self.assert_nothing_changed()

    # ------------------------------------------------------------ what comes in

    def test_certified_mail_comes_to_its_filing(self):
        mail = wrap(write_mail(
            f"La pratica C.F. {CODE}, numero di protocollo RM-2026-123456, è stata evasa.", "Esito: pratica evasa"))
        message = self.deliver(mail)
        self.assertEqual(
            (message.communication_id, message.state, message.proposal, message.outcome, message.trust, message.sender),
            (self.filing, 'waiting', 'evasa', 'evasa', 'chamber', CHAMBER))
        self.assertEqual((message.name, message.company_id), ("Esito: pratica evasa", self.company))
        self.assertEqual((message.protocol, message.codes), ('RM-2026-123456', CODE))
        self.assertEqual(
            (message.sent_at, message.chamber_date),
            (fields.Datetime.to_datetime('2026-11-04 23:10:30'), fields.Date.to_date('2026-11-05')), "a day of Rome")
        self.assertEqual(message.original_id.raw, mail.as_bytes(), "as it came, byte by byte")
        self.assert_nothing_changed()
        chatter = self.messages(self.filing)
        self.assertEqual(chatter.count("Mail that may be the chamber"), 1)
        for sentence in (
                "Entered in the Register", "Nothing was changed", "Certified mail of the chamber", "è stata evasa"):
            self.assertIn(sentence, chatter)
        self.assertIn(message.original_id, self.filing.message_ids.attachment_ids)

    def test_each_kind_of_notice(self):
        for text, proposal in NOTICES:
            with self.subTest(text=text):
                message = self.tell(text)
                self.assertEqual((message.communication_id, message.proposal), (self.filing, proposal))
                self.assertEqual(message.outcome, proposal if proposal != 'unclear' else False)
                self.assert_nothing_changed()

    def test_ordinary_mail(self):
        """It is told that nobody vouches for it, whoever it says it is of."""
        message = self.deliver(write_mail(f"Pratica {CODE}: evasa"))
        self.assertEqual((message.communication_id, message.trust), (self.filing, 'ordinary'))
        self.assertIn(CHAMBER, message.sender)
        self.assertIn("nobody vouches for its sender", self.messages(self.filing))

    def test_page_alone(self):
        message = self.deliver(wrap(write_mail(html=(
            f"<html><head><style>p {{ respinta }}</style><script>rifiutata()</script></head><body><p>Impresa <b>{CODE}"
            "</b></p><table><tr><td>Stato</td><td>eva<i>sa</i></td></tr></table><!-- sospesa --></body></html>"))))
        self.assertEqual((message.communication_id, message.proposal), (self.filing, 'evasa'))
        self.assertIn("Stato", message.text)

    def test_forwarded_as_a_file(self):
        inner = wrap(write_mail(f"Impresa {CODE}: pratica sospesa", "Sospensione"))
        outer = write_mail("Vedi allegato", "I: Sospensione", sender='Bruno <bruno@studio.example>')
        outer.add_attachment(inner, filename='messaggio.eml')
        message = self.deliver(outer)
        self.assertEqual(
            (message.communication_id, message.proposal, message.trust), (self.filing, 'sospesa', 'ordinary'))

    def test_large(self):
        file = ('bilancio.pdf', b'%PDF-1.4 ' + b'x' * (20 * 2**20), 'pdf')
        mail = wrap(write_mail(f"Impresa {CODE}: evasa", files=[file]))
        message = self.deliver(mail)
        self.assertEqual((message.communication_id, message.proposal), (self.filing, 'evasa'))
        self.assertGreater(message.original_id.file_size, 20 * 2**20)
        self.assertFalse(message.message_ids.attachment_ids - message.original_id, "kept once")

    def test_unreadable(self):
        parts = b''.join(b'Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n' % (n, n) for n in range(12))
        message = self.deliver(
            f'To: camera@{DOMAIN}\nFrom: x@example.com\nMessage-ID: <deep@example.com>\n'.encode() + parts)
        self.assert_listed(message, 'unreadable')
        self.assertTrue(message.original_id.raw)

    def test_broken_words(self):
        """An encoded word that nobody can decode loses no message."""
        mail = write_mail(f"Pratica {CODE}: evasa").as_bytes()
        mail = mail.replace(b'Subject: ', b'Subject: =?utf-8?b?a?= ').replace(b'From: ', b'From: =?utf-8?b?a?= ')
        message = self.deliver(mail)
        self.assertEqual((message.communication_id, message.proposal), (self.filing, 'evasa'))

    def test_an_answer_is_a_message_of_its_own(self):
        """Whether the one before waits or is confirmed, in the same company; a receipt is dropped all the same."""
        first = self.tell("protocollata")
        known = first.message_ids
        for number, outcome in enumerate(('sospesa', 'evasa')):
            mail = wrap(write_mail(f"Impresa {CODE}: {outcome}", name=f'a{number}'), name=f'a{number}')
            mail['In-Reply-To'] = '<wrapped-0@legalmail.example>'
            message = self.deliver(mail)
            self.assertEqual(
                (message.communication_id, message.proposal, message.company_id),
                (self.filing, outcome, self.company))
            first.state = 'confirmed'
        receipt = write_receipt()
        receipt['In-Reply-To'] = '<wrapped-0@legalmail.example>'
        self.assertFalse(self.deliver(receipt))
        self.assertEqual(first.message_ids, known)

    def test_nobody_writes_as_another(self):
        """Whoever a mail says it is of, Odoo makes the message, and the company is that of Odoo's own user."""
        stranger = self.make_stranger()
        stranger.partner_id.email = 'capo@altra.example'
        mail = write_mail(f"Pratica {CODE}: evasa", sender='capo@altra.example', to='studio@pec.example')
        self.env['mail.thread'].with_user(self.env.ref('base.user_root')).message_process(
            'openapi_pec.chamber_message', mail.as_bytes())
        message = self.messages_model.search([])
        self.assertEqual((message.company_id, message.create_uid), (self.company, self.env.ref('base.user_root')))
        self.assertFalse(message.message_partner_ids)
        self.assertNotIn(stranger.partner_id, (message.message_ids + self.filing.message_ids).author_id)

    def test_one_mailbox_forwards_all(self):
        """Odoo drops a sender's mails after twenty, and answers him: here none is answered, and all are wanted."""
        for number in range(25):
            self.deliver(write_mail(f"Pratica {FOREIGN_CODE}", name=f'many-{number}'))
        self.assertEqual(self.messages_model.search_count([]), 25)

    # ------------------------------------------------------------ what is forged, or something else

    def test_anomaly_with_a_forged_envelope(self):
        """What an ordinary mail brings along is anybody's, however deep it is made to look."""
        inner = write_mail(
            f"Impresa {CODE}: domanda respinta", sender='"Camera" <x@evil.example>',
            files=[('daticert.xml', write_data(), 'xml')])
        inner['X-Trasporto'] = 'posta-certificata'
        for is_signed in (True, False):
            message = self.deliver(wrap(
                inner, 'errore', data=b'', name=f'anomaly-{is_signed}', is_signed=is_signed))
            self.assertNotEqual(message.trust, 'chamber')
            self.assertEqual((message.trust, message.state), ('anomaly', 'waiting'))
            self.assertIn('evil.example', message.sender)
            self.assertIn("nobody vouches", self.messages(self.filing))
            self.assert_nothing_changed()
            del inner['Message-ID']
            inner['Message-ID'] = '<another@evil.example>'

    def test_forged_in_ordinary_mail(self):
        """Its own files, those of a message in it, and two of them, are no envelope."""
        data = ('daticert.xml', write_data(), 'xml')
        plain = write_mail(f"{CODE} evasa", name='a', files=[data])
        nested = write_mail("Vedi", name='b')
        nested.add_attachment(wrap(write_mail(f"{CODE} evasa", name='c')), filename='postacert.eml')
        twice = wrap(write_mail(f"{CODE} evasa", name='d'), is_signed=False)
        twice.add_attachment(write_data(), maintype='application', subtype='xml', filename='daticert.xml')
        for mail in (plain, nested, twice):
            self.assertEqual(self.deliver(mail).trust, 'ordinary')

    def test_certified_mail_of_somebody_else(self):
        """Also where the name only looks like a chamber's."""
        for number, sender in enumerate(
                ('studio@pec.example', 'x@camcom.it.evil.example', 'x@evilcamcom.it', 'camcom.it')):
            with self.subTest(sender=sender):
                message = self.deliver(wrap(
                    write_mail(f"Impresa {CODE}: respinta", name=f'else-{number}'), data=write_data(sender=sender),
                    name=f'else-{number}'))
                self.assertEqual(message.trust, 'pec')
                self.assert_listed(message, 'sender')

    def test_another_procedure(self):
        for number, subject in enumerate((f"SUAP: 123 - {CODE} - FALEGNAMERIA", f"Fwd: R: suap: 1 - {CODE} - X")):
            message = self.tell("Pratica evasa. Protocollo REP_PROV_RM/RM-SUPRO/1", subject=subject)
            self.assert_listed(message, 'look_alike')
            self.assertEqual(number + 1, self.messages_model.search_count([]))

    def test_receipts_are_dropped(self):
        for kind in ('accettazione', 'avvenuta-consegna', 'errore-consegna', 'presa-in-carico'):
            self.assertFalse(self.deliver(write_receipt(kind)))
        self.assertNotIn("Mail that may be", self.messages(self.filing))

    # ------------------------------------------------------------ which filing

    def test_whom_it_is_about(self):
        for number, (text, reason) in enumerate([
            ("Pratica evasa", 'nothing'),
            (f"Impresa {FOREIGN_CODE}: evasa", 'other'),
            (f"Impresa {FOREIGN_CODE}, PEC prova@legalmail.it: evasa", 'other'),
            (f"Impresa {FOREIGN_CODE}, legale rappresentante {PERSON_CODE}: evasa", 'other'),
            (f"Impresa {FOREIGN_CODE}, socio unico {CODE}: evasa", 'contradiction'),
            ("Impresa 12485671008: evasa", 'nothing'),  # its check digit is wrong
            ("PEC sconosciuta@legalmail.it evasa", 'unknown'),
        ]):
            with self.subTest(text=text):
                self.assert_listed(self.deliver(wrap(write_mail(text, name=f'w{number}'), name=f'w{number}')), reason)

    def test_what_tells_it(self):
        self.filing.chamber_protocol = 'RM-2026-777'
        for number, text in enumerate([
            f"{CODE} evasa", f"IT{CODE} evasa", "124 856 710 07 evasa", f"{PERSON_CODE} evasa",
            "PEC <prova@legalmail.it> evasa", "Protocollo n. RM/2026/777 evasa", "Prot. RM-2026-777: evasa",
            f"Impresa {CODE} evasa. CCIAA, C.F. {FOREIGN_CODE}",
        ]):
            with self.subTest(text=text):
                message = self.deliver(wrap(write_mail(text, name=f't{number}'), name=f't{number}'))
                self.assertEqual((message.communication_id, message.state), (self.filing, 'waiting'))

    def test_rea(self):
        """That of an own company is known; of another one, once a message that named it was confirmed."""
        self.company.write({
            'l10n_it_has_eco_index': True, 'l10n_it_eco_index_office': self.env.ref('base.state_it_rm').id,
            'l10n_it_eco_index_number': '0654321', 'l10n_it_eco_index_liquidation_state': 'LN'})
        own = self.create_delivered(
            partner_id=self.company.partner_id.id, company_fiscal_code=self.code_of(1),
            pec_email='propria@legalmail.it', representative_id=False)
        for number, (text, filing) in enumerate([
            ("REA RM-654321 evasa", own), ("N. REA: RM 0654321 evasa", own), ("REA MI-654321 evasa", own.browse()),
            ("REA RM-111 evasa", own.browse()),
        ]):
            message = self.deliver(wrap(write_mail(text, name=f'r{number}'), name=f'r{number}'))
            self.assertEqual(message.communication_id, filing, text)
        self.tell("REA RM-111: protocollata").action_confirm()
        learnt = self.deliver(wrap(write_mail("R.E.A. RM 00111 evasa", name='r9'), name='r9'))
        self.assertEqual(learnt.communication_id, self.filing)
        self.assertEqual(self.tell("REA RM-222: evasa").reason, 'contradiction')

    def test_another_protocol_is_another_filing(self):
        self.filing.chamber_protocol = 'RM-2026-777'
        self.assertEqual(self.tell("Protocollo n. RM-2026-999: evasa").reason, 'contradiction')
        self.assertEqual(self.tell("Protocollo n. RM/2026/777: evasa").communication_id, self.filing)

    def test_what_follows_an_answered_one(self):
        """The predecessor's mail is nobody's, until something tells which one it is about."""
        self.filing.write({'chamber_outcome': 'respinta', 'chamber_protocol': 'RM-2026-777'})
        second = self.create_delivered(pec_email='nuova@legalmail.it')
        self.assertEqual(self.tell("Pratica respinta").reason, 'several')
        self.assertEqual(self.tell("Protocollo RM-2026-777: respinta").reason, 'answered')
        self.assertEqual(self.tell("PEC nuova@legalmail.it: evasa").communication_id, second)

    def test_two_that_fit(self):
        """Which one is meant is never guessed, but told by what only one of them has."""
        second = self.create_delivered(kind='administrator', pec_email='mario.rossi@legalmail.it')
        self.assert_listed(self.tell("Pratica evasa"), 'several')
        self.assertEqual(self.tell("PEC mario.rossi@legalmail.it evasa").communication_id, second)
        message = self.tell(f"Impresa {FOREIGN_CODE}. PEC sconosciuta@legalmail.it evasa")
        self.assertFalse(message.communication_id)

    def test_two_companies_in_one(self):
        other = self.create_companies(1)
        self.create_delivered(partner_id=other.id)
        self.assert_listed(self.tell(f"E impresa {self.code_of(0)}: evasa"), 'several')
        self.assert_listed(self.tell("PEC impresa0@legalmail.it: evasa"), 'contradiction')

    def test_only_what_was_delivered_and_waits(self):
        self.filing.state = 'awaiting_documents'
        self.assertEqual(self.tell("evasa").reason, 'other')
        self.filing.write({'state': 'completed', 'environment': 'sandbox'})
        self.company.openapi_pec_environment = 'production'
        self.assertEqual(self.tell("evasa").reason, 'other', "a trial")
        self.filing.environment = 'production'
        self.filing.submitted_at = '2026-11-05 08:00:00'
        self.assertEqual(self.tell("evasa").reason, 'other', "submitted later")
        self.filing.submitted_at = '2026-11-01 08:00:00'
        self.assertEqual(self.tell("evasa").communication_id, self.filing)
        self.filing.chamber_outcome = 'evasa'
        self.assertEqual(self.tell("evasa").reason, 'answered')

    def test_another_company(self):
        """Its address leads to its own filings; nobody else sees what came there."""
        stranger = self.make_stranger()
        message = self.deliver(write_mail(f"Impresa {CODE} evasa", to=f'altra@{DOMAIN}'))
        self.assertEqual((message.company_id, message.reason), (stranger.company_id, 'other'))
        self.assertNotIn("Mail that may be", self.messages(self.filing))
        self.assertFalse(self.messages_model.with_user(self.user).search([]))
        self.assertEqual(self.messages_model.with_user(stranger).search([]), message)
        with self.assertRaises(UserError):
            message.with_user(stranger).communication_id = self.filing
        own = self.deliver(write_mail(f"Impresa {CODE} evasa", name='own'))
        self.assertEqual(own.communication_id, self.filing)
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            own.with_user(stranger).action_confirm()

    def test_two_addresses_in_one_mail(self):
        """Each company gets it, and its own filing."""
        stranger = self.make_stranger()
        partner = self.env['res.partner'].create({
            'name': "Segreta S.p.A.", 'is_company': True, 'company_id': stranger.company_id.id,
            'l10n_it_codice_fiscale': CODE})
        theirs = self.create_delivered(
            company_id=stranger.company_id.id, partner_id=partner.id, user_id=stranger.id, representative_id=False)
        messages = self.deliver(write_mail(f"Impresa {CODE} evasa", to=f'camera@{DOMAIN}, altra@{DOMAIN}'))
        self.assertEqual(
            {message.company_id: message.communication_id for message in messages},
            {self.company: self.filing, stranger.company_id: theirs})
        self.assertEqual(len(set(messages.original_id.ids)), 2)

    def test_fetched_from_a_mailbox(self):
        """Odoo's server of incoming mail gives no alias, but the kind of record that is to be made."""
        gateway = self.env['mail.thread'].with_user(self.env.ref('base.user_root'))
        for mail, count in ((wrap(write_mail(f"{CODE} evasa"), to='studio@pec.example'), 1), (write_receipt(), 1)):
            gateway.message_process('openapi_pec.chamber_message', mail.as_bytes(), save_original=True)
            self.assertEqual(self.messages_model.search_count([]), count)
        self.assertEqual(self.messages_model.search([]).communication_id, self.filing)

    def test_others_mail_is_left_alone(self):
        """A message to another record's thread goes there, with all that it brings."""
        mail = write_mail("x", to='x@example.com', files=[('a.pdf', b'%PDF-1.4', 'pdf')])
        self.env['mail.thread'].with_user(self.env.ref('base.user_root')).message_process(
            'res.partner', mail.as_bytes(), thread_id=self.partner.id)
        self.assertIn('a.pdf', self.partner.message_ids.attachment_ids.mapped('name'))
        self.assertFalse(self.messages_model.search([]))

    def test_queries(self):
        """Of many filings those that are named are read, at once."""
        companies = self.create_companies(40)
        for company in companies:
            self.create_delivered(partner_id=company.id)
        self.tell("evasa")
        counts = []
        for text in ("sospesa", f"{self.code_of(1)} {self.code_of(2)} {self.code_of(3)} sospesa"):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            message = self.tell(text)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(message.reason, 'several')
        self.assertLessEqual(max(counts), 130, counts)

    # ------------------------------------------------------------ the same again

    def test_the_same_message_again(self):
        inner = write_mail(f"Impresa {CODE}: evasa")
        first = wrap(inner)
        message = self.deliver(first)
        self.assertFalse(self.deliver(first), "Odoo knows it")
        self.assertFalse(self.deliver(wrap(inner, name='envelope-2')), "another envelope of the same message")
        self.assertIn("came again", self.messages(message))
        self.assertEqual(self.messages(self.filing).count("Mail that may be"), 1)
        self.assertTrue(self.deliver(inner), "what nobody vouches for takes no certified message's place")

    # ------------------------------------------------------------ a person

    def test_confirmed_as_by_hand(self):
        self.filing._plan_activity('mail_activity_type_outcome', "Record it")
        message = self.tell("Numero di protocollo: RM-2026-123456. La pratica è evasa.")
        message.with_user(self.user).action_confirm()
        self.assertEqual(
            (self.filing.chamber_outcome, self.filing.chamber_protocol, str(self.filing.chamber_date)),
            ('evasa', 'RM-2026-123456', '2026-11-05'))
        self.assertEqual((message.state, message.decided_by_id), ('confirmed', self.user))
        self.assertFalse(self.filing.activity_ids)
        for record in (self.filing, self.partner):
            self.assertIn(
                "he chamber of commerce answered: Entered in the Register, RM-2026-123456", self.messages(record))
        with self.assertRaisesRegex(UserError, "decided about already"):
            message.with_user(self.user).action_confirm()
        with self.assertRaisesRegex(UserError, "decided about already"):
            message.with_user(self.user).outcome = 'respinta'

    def test_what_the_chamber_asks_for_becomes_the_note(self):
        message = self.tell("La pratica è respinta: manca la firma del liquidatore.")
        message.with_user(self.user).action_confirm()
        self.assertTrue(self.filing.is_refused)
        self.assertIn("manca la firma", self.filing.chamber_note)
        self.assertEqual(
            self.filing.activity_ids.activity_type_id, self.env.ref('l10n_it_openapi_pec.mail_activity_type_correct'))

    def test_a_receipt_records_nothing(self):
        message = self.tell("Ricevuta di presentazione")
        message.with_user(self.user).action_confirm()
        self.assertEqual(message.state, 'confirmed')
        self.assert_nothing_changed()

    def test_unclear_is_chosen(self):
        message = self.tell("La pratica è evasa oppure sospesa.")
        with self.assertRaisesRegex(UserError, "Choose the outcome"):
            message.with_user(self.user).action_confirm()
        with Form(message.with_user(self.user)) as form:
            form.outcome = 'sospesa'
        message.with_user(self.user).action_confirm()
        self.assertEqual(self.filing.chamber_outcome, 'sospesa')

    def test_a_last_word_stays(self):
        self.filing.chamber_outcome = 'evasa'
        message = self.tell("")
        message.write({'communication_id': self.filing.id, 'outcome': 'protocollata'})
        self.assertIn("last word", message.changes)
        with self.assertRaisesRegex(UserError, "last word"):
            message.action_confirm()
        self.assertEqual((self.filing.chamber_outcome, message.state), ('evasa', 'waiting'))

    def test_the_newest_stays(self):
        """However they are selected, the oldest is recorded first; an older one changes nothing any more."""
        first = self.tell("Numero di protocollo RM-2026-5555: protocollata.")
        second = self.tell("La pratica è stata sospesa: manca la firma.")
        (second + first).with_user(self.user).action_confirm()
        self.assertEqual(
            (self.filing.chamber_outcome, self.filing.chamber_protocol), ('sospesa', 'RM-2026-5555'))
        older = self.tell("La pratica è protocollata.")
        older.sudo().sent_at = '2026-11-03 08:00:00'
        self.assertIn("changes nothing", older.changes)
        older.with_user(self.user).action_confirm()
        self.assertEqual((self.filing.chamber_outcome, older.state), ('sospesa', 'confirmed'))
        self.assertIn("is newer, and was confirmed before", self.messages(older))
        last, done = self.tell("La pratica è protocollata."), self.tell("La pratica è evasa.")
        done.action_confirm()
        last.sudo().sent_at = '2026-11-03 08:00:00'
        last.action_confirm()
        self.assertEqual((self.filing.chamber_outcome, last.state), ('evasa', 'confirmed'))

    def test_selected(self):
        """What cannot be confirmed, or is nobody's certain word, waits for a look, and stops nothing else."""
        certain, unclear = self.tell("La pratica è evasa."), self.tell("Evasa oppure sospesa.")
        ordinary = self.deliver(write_mail(f"Pratica {CODE}: respinta", name='ordinary'))
        done = (ordinary + unclear + certain).with_user(self.user).action_confirm_selected()
        self.assertEqual(
            [message.state for message in (certain, unclear, ordinary)], ['confirmed', 'waiting', 'waiting'])
        self.assertEqual(self.filing.chamber_outcome, 'evasa')
        self.assertIn("1 confirmed, 2 still open", done['params']['message'])
        self.assertIsNone(certain.with_user(self.user).action_confirm_selected())

    def test_another_protocol(self):
        """What is recorded stays; what will change is shown, the other one is told."""
        self.filing.write({'chamber_outcome': 'protocollata', 'chamber_protocol': 'RM-2026-1111'})
        self.filing.chamber_date = '2026-11-01'
        message = self.tell("La pratica è evasa.")
        message.with_user(self.user).protocol = 'RM-2026-5555'
        changes = message.with_user(self.user).changes
        for words in ("Registered for Examination → Entered in the Register", "11/01/2026 → 11/05/2026",
                      "RM-2026-5555: RM-2026-1111 stays"):
            self.assertIn(words, changes)
        message.with_user(self.user).action_confirm()
        self.assertEqual(
            (self.filing.chamber_protocol, str(self.filing.chamber_date)), ('RM-2026-1111', '2026-11-05'))
        for record in (message, self.filing):
            self.assertIn("RM-2026-5555: RM-2026-1111 stays", self.messages(record))
        self.assertFalse(message.changes)

    def test_each_answer_has_its_note(self):
        self.tell("La pratica è sospesa: manca la firma.").action_confirm()
        self.assertEqual(self.messages(self.partner).count("manca la firma"), 1)
        self.tell("La pratica è respinta: termine scaduto.").action_confirm()
        self.assertIn("termine scaduto", self.filing.chamber_note)
        self.assertNotIn("manca la firma", self.filing.chamber_note)
        other = self.create_delivered(kind='administrator', pec_email='mario.rossi@legalmail.it')
        other.write({'chamber_outcome': 'sospesa', 'chamber_note': "Manca la data"})
        other.chamber_outcome = 'evasa'
        self.assertEqual(self.messages(self.partner).count("Manca la data"), 1)

    def test_told_twice(self):
        """What is recorded stays, and what was missing is added."""
        self.filing.write({'chamber_outcome': 'protocollata', 'chamber_date': '2026-11-01'})
        message = self.tell("Protocollata: numero di protocollo RM-2026-5555.")
        message.action_confirm()
        self.assertEqual(
            (self.filing.chamber_protocol, str(self.filing.chamber_date)), ('RM-2026-5555', '2026-11-01'))
        self.assertEqual(self.messages(self.filing).count("of commerce answered"), 1)

    def test_chosen_from_the_list(self):
        message = self.deliver(wrap(write_mail("La pratica è evasa")))
        with self.assertRaisesRegex(UserError, "Choose the filing"):
            message.with_user(self.user).action_confirm()
        with Form(message.with_user(self.user)) as form:
            form.communication_id = self.filing
        self.assertEqual((message.state, message.reason), ('waiting', False))
        self.assertEqual(self.messages(self.filing).count("Mail that may be"), 1)
        self.assert_nothing_changed()
        second = self.create_delivered()
        message.with_user(self.user).communication_id = second
        self.assertIn("about another filing", self.messages(self.filing))
        self.assertIn("Mail that may be", self.messages(second))
        message.with_user(self.user).action_confirm()
        self.assertEqual((second.chamber_outcome, self.filing.chamber_outcome), ('evasa', False))

    def test_dismissed_and_taken_up(self):
        message = self.tell("Pratica evasa").with_user(self.user)
        message.action_dismiss()
        self.assertEqual((message.state, message.decided_by_id), ('dismissed', self.user))
        self.assert_nothing_changed()
        message.action_reopen()
        self.assertEqual((message.state, message.decided_by_id), ('waiting', self.env['res.users']))
        self.assertTrue(self.filing.has_chamber_mail)
        self.assertEqual(self.filing.with_user(self.user).action_open_chamber_mail()['res_id'], message.id)

    # ------------------------------------------------------------ what is taught

    def test_words_are_taught(self):
        words = self.env['openapi_pec.chamber_word'].with_user(self.manager)
        message = self.tell("La sua istanza ha avuto buon fine.")
        self.assertFalse(message.proposal)
        words.create({'kind': 'evasa', 'name': "buon fine"})
        message.with_user(self.user).action_read_again()
        self.assertEqual((message.proposal, message.outcome), ('evasa', 'evasa'))
        listing = self.tell("Esiti possibili: evasa, sospesa, respinta. La pratica è evasa.")
        self.assertEqual(listing.proposal, 'unclear')
        words.create({'kind': 'ignored', 'name': "Esiti possibili: evasa, sospesa, respinta"})
        listing.action_read_again()
        self.assertEqual(listing.proposal, 'evasa')
        foreign = self.deliver(
            wrap(write_mail("Pratica evasa", name='f'), data=write_data(sender='x@pec.cciaa.example')))
        self.assertEqual(foreign.reason, 'sender')
        words.create({'kind': 'sender', 'name': "cciaa.example"})
        foreign.action_read_again()
        self.assertEqual((foreign.trust, foreign.reason), ('chamber', 'nothing'))

    def test_read_again_keeps_what_was_chosen(self):
        words = self.env['openapi_pec.chamber_word'].with_user(self.manager)
        message, other = self.tell("Protocollo RM-2026-777: buon fine, evasa."), self.tell("Buon fine.")
        message.with_user(self.user).write({'outcome': 'sospesa', 'protocol': 'RM-2026-778'})
        other.with_user(self.user).chamber_date = '2026-11-02'
        words.create({'kind': 'respinta', 'name': "buon fine"})
        (message + other).with_user(self.user).action_read_again()
        self.assertEqual(
            (message.proposal, message.outcome, message.protocol, str(message.chamber_date)),
            ('unclear', 'sospesa', 'RM-2026-778', '2026-11-05'))
        self.assertEqual((other.outcome, str(other.chamber_date)), ('respinta', '2026-11-02'))

    def test_read_again_takes_back_what_nobody_chose(self):
        found, chosen = self.tell("Evasa."), self.tell("Pratica evasa.")
        chosen.with_user(self.user).communication_id = False
        chosen.with_user(self.user).communication_id = self.filing
        self.assertEqual((bool(found.signs), bool(chosen.signs)), (True, False))
        self.create_delivered(kind='administrator', pec_email='mario.rossi@legalmail.it')
        for _time in range(2):
            (found + chosen).with_user(self.user).action_read_again()
            self.assertFalse(found.communication_id or found.signs)
            self.assertEqual((found.state, found.reason), ('unmatched', 'several'))
            self.assertEqual((chosen.communication_id, chosen.state), (self.filing, 'waiting'))
        self.assertEqual(self.messages(self.filing).count("is not certain any more"), 2)

    def test_the_day_of_forwarding_is_nobodys(self):
        """A date is the chamber's by its envelope, or by the message that somebody has attached."""
        plain = self.deliver(write_mail(f"Pratica {CODE}: evasa", "I: Esito", name='plain'))
        self.assertFalse(plain.chamber_date)
        outer = write_mail("Vedi allegato", "I: Esito", name='outer')
        outer.replace_header('Date', 'Mon, 09 Nov 2026 10:00:00 +0100')
        outer.add_attachment(write_mail(f"Pratica {CODE}: evasa", name='inner'), filename='messaggio.eml')
        self.assertEqual(str(self.deliver(outer).chamber_date), '2026-11-05')

    def test_the_chambers_own_code_is_taught(self):
        self.filing.chamber_protocol = 'RM-2026-777'
        message = self.deliver(wrap(write_mail(f"Protocollo RM-2026-777: evasa. CCIAA, C.F. {FOREIGN_CODE}")))
        self.assert_listed_only(message, 'other')
        self.env['openapi_pec.chamber_word'].create({'kind': 'ignored', 'name': FOREIGN_CODE})
        message.action_read_again()
        self.assertEqual(message.communication_id, self.filing)

    def assert_listed_only(self, message, reason):
        self.assertEqual((message.state, message.reason), ('unmatched', reason))

    def test_what_no_word_can_be(self):
        words = self.env['openapi_pec.chamber_word'].with_user(self.manager)
        for kind, name in (
                ('evasa', "*"), ('evasa', "a*"), ('evasa', "..."), ('evasa', "x " * 11), ('evasa', "y" * 101),
                ('sender', "camcom"), ('sender', "cam com.it")):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                words.create({'kind': kind, 'name': name})
        for name in ("(a+)+$", "évàs*"):
            words.create({'kind': 'evasa', 'name': name})
        self.assertEqual(self.tell("La pratica e' Evàsa aaaaaaaaaaaaaaaaaaaaaaaaaaaa!").proposal, 'evasa')

    # ------------------------------------------------------------ who may

    def test_who_may(self):
        message = self.tell("Pratica evasa")
        with self.assertRaisesRegex(UserError, "record its outcome later"):
            message.with_user(self.user).communication_id = self.create_filing()
        for name, value in (('state', 'confirmed'), ('proposal', 'respinta'), ('text', "x"), ('original_id', False)):
            with self.subTest(name=name), self.assertRaises(AccessError):
                message.with_user(self.manager).write({name: value})
        with mute_logger('odoo.addons.base.models.ir_model'):
            for call in (
                    lambda: message.with_user(self.outsider).action_confirm(),
                    lambda: message.with_user(self.outsider).text,
                    lambda: self.messages_model.with_user(self.manager).create({'company_id': self.company.id}),
                    lambda: self.messages_model.with_user(self.manager).message_new({'subject': "x"}),
                    lambda: message.with_user(self.manager).unlink(),
                    lambda: self.env['openapi_pec.chamber_word'].with_user(self.user).create(
                        {'kind': 'evasa', 'name': "x"})):
                with self.assertRaises(AccessError):
                    call()
        with self.assertRaisesRegex(UserError, "belongs to the archive"):
            message.original_id.unlink()

    def test_settings(self):
        settings = self.env['res.config.settings'].create({})
        self.assertEqual((settings.openapi_pec_chamber_alias, settings.openapi_pec_alias_domain), ('camera', DOMAIN))
        alias = self.company.openapi_pec_chamber_alias_id
        settings.openapi_pec_chamber_alias = 'registro'
        self.assertEqual((alias.alias_name, alias.alias_full_name), ('registro', f'registro@{DOMAIN}'))
        self.assertTrue(self.deliver(write_mail("x", to=f'registro@{DOMAIN}')))
        settings.openapi_pec_chamber_alias = False
        self.assertFalse(alias.exists())
        with self.assertRaises(ValueError), mute_logger('odoo.addons.mail.models.mail_thread'):
            self.deliver(write_mail("x", to=f'registro@{DOMAIN}', name='later'))

    def test_chatters_tell_no_markup(self):
        message = self.tell("evasa <script>alert(1)</script>", subject="<b>x</b>")
        for body in (*self.filing.message_ids.mapped('body'), *message.message_ids.mapped('body')):
            self.assertFalse(re.search('<script|<b>x', body), body)
