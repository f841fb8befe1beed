import random
import time
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.chamber_mail import about, envelope, notice, parts, texts, words

from ..common import PecCase
from ..common_chamber import CHAMBER, CODE, FOREIGN_CODE, PERSON_CODE, wrap, write_data, write_mail, write_receipt
from ..odd_values import ODD_VALUES

MEGABYTE = 2**20
# What takes long where something is read again and again, or one part in the other.
HOSTILE = {
    'deep': b''.join(b'Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n' % (n, n) for n in range(2000)),
    'messages in messages': b'Content-Type: message/rfc822\n\n' * 5000,
    'many parts': b'Content-Type: multipart/mixed; boundary=b\n\n' + b'--b\n\nx\n' * 500_000,
    'lines that look like boundaries': b'Content-Type: multipart/mixed; boundary="-"\n\n' + b'-' * 20 * MEGABYTE,
    'a header without an end': b'Subject: ' + b'x' * 20 * MEGABYTE,
    'folded lines': b'Subject: x\n' + b' \n' * 5 * MEGABYTE,
    'encoded words': b'Subject: ' + b'=?utf-8?q?a?= ' * 500_000 + b'\n\nx',
    'parameters': b'Content-Type: text/plain' + b';"' * 30_000 + b'\n\nx',
    'pages': b'Content-Type: text/html\n\n' + b'<p>a' * 4 * MEGABYTE,
    'elements in elements': b'Content-Type: text/html\n\n' + b'<div>' * 4 * MEGABYTE,
    'base64': b'Content-Transfer-Encoding: base64\n\n' + b'QUJD\n' * 4 * MEGABYTE,
    'line ends': b'\r\n' * 10 * MEGABYTE,
    'numbers': b'\n\n' + b'1 2 3 ' * 3 * MEGABYTE,
    'codes': b'\n\n' + b'RSSMRA80A01H501' * MEGABYTE,
    'addresses': b'\n\n' + b'a@a.it ' * 3 * MEGABYTE,
    'protocols': b'\n\n' + b'prot. n. ' * 2 * MEGABYTE,
    'outcomes': b'\n\n' + b'non evasa ' * 2 * MEGABYTE,
    'zeros': b'\0' * 20 * MEGABYTE,
    'too large': b'\n\nx' + b' ' * parts.MAX_SIZE,
}
WORDS = [words.Phrase(*phrase) for phrase in [
    ('irricevibile', "irricevibil*"), ('respinta', "respint*"), ('sospesa', "sospes*"), ('evasa', "evas*"),
    ('evasa', "iscritt* nel Registro"), ('protocollata', "protocollat*"),
    ('protocollata', "numero di protocollo", True),
    ('ricevuta', "ricevut*", True), ('doubt', "non"), ('doubt', "in caso di"), ('ignored', "esiti: evasa, respinta")]]
ENTITY = b"""<!DOCTYPE postacert [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<postacert tipo="posta-certificata" errore="nessuno"><intestazione><mittente>%s</mittente></intestazione></postacert>"""
LAUGHS = b"""<!DOCTYPE postacert [<!ENTITY a "aaaaaaaaaa">%s]><postacert tipo="&j;"/>""" % b''.join(
    b'<!ENTITY %c "%s">' % (ord('b') + n, b'&%c;' % (ord('a') + n) * 10) for n in range(9))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestChamberNotice(BaseCase):
    """A raw message, whoever made it."""

    def test_hostile(self):
        for name, content in HOSTILE.items():
            with self.subTest(name=name):
                begin = time.process_time()
                read = notice.read(content)
                text = f'{read.subject}\n{read.text}'
                about.read(text)
                words.propose(text, WORDS)
                self.assertLess(time.process_time() - begin, 8)
                self.assertLessEqual(len(read.text), texts.MAX_TEXT)
                self.assertEqual(read.trust, notice.ORDINARY)

    def test_odd(self):
        for value in ODD_VALUES:
            text = value if isinstance(value, str) else str(value)
            for content in (text, f'Subject: {text}\nFrom: {text}\nContent-Type: {text}\nDate: {text}\n\n{text}'):
                notice.read(content.encode('utf-8', 'replace'))
            about.read(text)
            words.propose(text, WORDS)
            self.assertFalse(notice.is_of(value, ['camcom.it']))

    def test_broken_words(self):
        """An encoded word that cannot be decoded is read as it is written, wherever it stands."""
        for word in ('=?utf-8?b?a?=', '=?utf-8?b?====?=', '=?x?q?=zz?=', '=?utf-8?b?é?='):
            read = notice.read((
                f'Subject: evasa {word}\nFrom: {word} <x@example.com>\nMessage-ID: {word}\n'
                f'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; name="{word}"\n\n{CODE}\n'
                f"--b\nContent-Disposition: attachment; filename*=utf-8'{word}\n\nx\n--b--").encode())
            self.assertEqual(read.problem, '', word)
            self.assertIn(CODE, read.text)
            self.assertTrue(read.subject.startswith("evasa"))

    def test_fuzz(self):
        """Whatever a byte or two of a message become, it is read, and nothing is raised."""
        dice = random.Random(1)
        raw = wrap(write_mail("evasa", "Esito: è", html="<p>è</p>", files=[('è.xml', b'x', 'xml')])).as_bytes()
        spots = [raw.index(mark) for mark in (b'Subject', b'=?', b'boundary', b'filename', b'<postacert', b'Date')
                 if mark in raw]
        with self.assertNoLogs(notice.__name__):
            for _time in range(400):
                broken = bytearray(raw)
                for _change in range(dice.randint(1, 4)):
                    place = min(dice.choice(spots) + dice.randint(0, 60), len(broken) - 1)
                    broken[place:place + dice.randint(0, 2)] = dice.choice((
                        b'', b'=?utf-8?b?a?=', b'=?', b'?=', b'\n', b'\0', b'"', b';', b"*0*=utf-8''%", b'\xff', b'<'))
                self.assertIsInstance(notice.read(bytes(broken)), notice.Notice)

    def test_last_resort(self):
        """What nobody foresaw makes a message that a person opens; the log tells nothing of it."""
        with patch.object(envelope, 'find', side_effect=KeyError("secret")), self.assertLogs(notice.__name__) as logs:
            read = notice.read(b'Subject: x\n\nsecret')
        self.assertEqual((read.problem, read.trust), ('unreadable', notice.ORDINARY))
        self.assertNotIn("secret", ''.join(logs.output))

    def test_attached_at(self):
        outer = write_mail("Vedi allegato")
        self.assertIsNone(notice.read(outer.as_bytes()).attached_at)
        outer.add_attachment(write_mail("evasa"), filename='messaggio.eml')
        self.assertEqual(str(notice.read(outer.as_bytes()).attached_at), '2026-11-05 09:00:00')

    def test_text_and_page(self):
        page = f"<p>Impresa&nbsp;<b>{CODE}</b></p><style>sospesa</style><p>eva<b>sa</b></p>"
        for mail, shown in [
            (write_mail("solo testo"), "solo testo"),
            (write_mail(html=page), f"Impresa {CODE}\n\nevasa"),
            (write_mail("lo stesso testo, scritto due volte", html="<p>lo stesso testo, scritto due volte</p>"),
             "lo stesso testo, scritto due volte"),
            (write_mail("vedi html", html="<p>" + "la pratica è stata evasa " * 3 + "</p>"),
             "la pratica è stata evasa la pratica è stata evasa la pratica è stata evasa"),
        ]:
            with self.subTest(shown=shown):
                self.assertEqual(notice.read(mail.as_bytes()).text, shown)

    def test_text_files_are_read(self):
        mail = write_mail("vedi allegato")
        mail.add_attachment("La pratica è stata evasa", filename='RICE_M26A.txt')
        self.assertIn("evasa", notice.read(mail.as_bytes()).text)

    def test_charsets(self):
        for charset, content in [
            ('iso-8859-1', 'è'.encode('latin-1')), ('windows-1252', 'è€'.encode('cp1252')), ('utf-8', 'è'.encode()),
            ('punycode', 'è'.encode()), ('zip', 'è'.encode()), ('unicode_escape', 'è'.encode()),
            ('', 'è'.encode('latin-1')),
        ]:
            raw = b'Content-Type: text/plain; charset=%s\n\n' % charset.encode() + content
            with self.subTest(charset=charset):
                self.assertTrue(notice.read(raw).text.startswith('è'))

    def test_subjects(self):
        for written, shown in [
            ("POSTA CERTIFICATA: Pratica", "Pratica"), ("Fwd: R: I: POSTA CERTIFICATA: Re: Pratica", "Pratica"),
            ("ANOMALIA MESSAGGIO: Pratica", "Pratica"), ("Impresa: x", "Impresa: x"), ("Re:" * 20, "Re:" * 10),
        ]:
            self.assertEqual(notice.strip_prefixes(written), shown)

    def test_envelope(self):
        read = notice.read(wrap(write_mail("evasa", "Esito: evasa è")).as_bytes())
        self.assertEqual(
            (read.trust, read.sender, read.subject, read.text), (notice.CERTIFIED, CHAMBER, "Esito: evasa è", "evasa"))
        self.assertEqual(str(read.sent_at), '2026-11-04 23:10:30')
        self.assertEqual(read.key, notice.read(wrap(write_mail("evasa"), name='other').as_bytes()).key)

    def test_what_is_no_envelope(self):
        mail = write_mail("evasa")
        for name, outer in {
            'an error': wrap(mail, data=write_data(error='altro')),
            'of another kind': wrap(mail, data=write_data('x')),
            'no XML': wrap(mail, data=b'postacert'),
            'without a mark': wrap(mail, transport=''),
            'marked as an error': wrap(mail, transport='errore'),
            'an entity': wrap(mail, data=ENTITY % b'&x;'),
            'a type alone': wrap(mail, data=ENTITY % CHAMBER.encode()),
            'laughs': wrap(mail, data=LAUGHS),
            'huge': wrap(mail, data=write_data(subject="x" * envelope.MAX_DATA)),
        }.items():
            with self.subTest(name=name):
                self.assertNotEqual(notice.read(outer.as_bytes()).trust, notice.CERTIFIED)

    def test_encodings_of_the_data(self):
        for encoding in ('UTF-8', 'ISO-8859-1'):
            read = envelope.read(write_data(subject="Unità è", encoding=encoding))
            self.assertEqual((read.subject, read.sender), ("Unità è", CHAMBER))

    def test_receipts(self):
        for kind in envelope.RECEIPTS:
            self.assertTrue(notice.read(write_receipt(kind).as_bytes()).is_receipt)
        self.assertFalse(notice.read(wrap(write_mail("x")).as_bytes()).is_receipt)

    def test_domains(self):
        domains = ['camcom.it', '@InfoCamere.it ']
        for address, is_of in [
            (CHAMBER, True), ('x@camcom.it', True), ('X@CAMCOM.IT', True), ('x@infocamere.it', True),
            ('x@evilcamcom.it', False), ('x@camcom.it.evil.example', False), ('camcom.it', False), ('', False),
            ('a@camcom.it, b@evil.example', False), ('x@it', False),
        ]:
            with self.subTest(address=address):
                self.assertEqual(notice.is_of(address, domains), is_of)
        self.assertFalse(notice.is_of('x@camcom.it', ['', '.', '@']))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestChamberWords(BaseCase):
    """The outcome that words propose."""

    def test_outcomes(self):
        for text, outcome in [
            ("La pratica è IRRICEVIBILE", 'irricevibile'), ("respinta", 'respinta'), ("Sospésa", 'sospesa'),
            ("l'evasione della pratica", 'evasa'), ("iscritta nel registro", 'evasa'), ("iscritta a ruolo", ''),
            ("protocollata", 'protocollata'), ("ricevuta", 'ricevuta'), ("", ''), ("buongiorno", ''),
            ("numero di protocollo 1: evasa", 'evasa'), ("ricevuta, numero di protocollo 1", 'protocollata'),
            ("numero\ndi protocollo", 'protocollata'), ("protocollata ed evasa", 'unclear'),
            ("evasa o respinta", 'unclear'), ("evasa, evasione", 'evasa'), ("invasa", ''),
            ("non è stata sospesa", 'unclear'), ("in caso di mancata correzione è respinta", 'unclear'),
            ("in caso di errori si telefoni; la pratica è respinta", 'respinta'),
            ("Non rispondere a questa mail. La pratica è evasa.", 'evasa'),
            ("Non rispondere\n\nEvasa", 'evasa'), ("Esiti: evasa, respinta. La pratica è evasa", 'evasa'),
            ("non ricevuta", 'ricevuta'), ("evasa; non occorre altro", 'evasa'), ("evasa e non sospesa", 'unclear'),
            ("Non si ritiene, per quanto qui risulta ad oggi, che la pratica debba essere sospesa", 'unclear'),
        ]:
            with self.subTest(text=text):
                self.assertEqual(words.propose(text, WORDS).outcome, outcome)

    def test_what_was_found(self):
        self.assertEqual(words.propose("Evasa! iscritta nel Registro; EVASA", WORDS).found, (
            'evasa', 'iscritta nel registro'))

    def test_no_words(self):
        self.assertEqual(words.propose("evasa", []), words.Proposal('', ()))
        for text in ("", "*", "...", "(a+)+$", "[", "\\"):
            words.propose("aaaa evasa", [words.Phrase('evasa', text)])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestChamberAbout(BaseCase):
    """Whom a message is about."""

    CASES = [
        about.Case(1, CODE, PERSON_CODE, 'prova@legalmail.it', 'RM-2026-1', frozenset({('RM', '123')})),
        about.Case(2, CODE, PERSON_CODE, 'mario@legalmail.it'),
        about.Case(3, FOREIGN_CODE, PERSON_CODE, 'altra@legalmail.it', 'MI 77'),
    ]

    def test_codes(self):
        for text, codes in [
            (CODE, {CODE}), (f"IT{CODE}.", {CODE}), ("C.F.12485671007", {CODE}), ("124 856 710 07", {CODE}),
            (PERSON_CODE.lower(), {PERSON_CODE}), ("RSS MRA 80A01 H501U", {PERSON_CODE}), ("12485671008", set()),
            (f"1{CODE}", set()), ("x" * 16, set()), (f"{CODE}, {FOREIGN_CODE}", {CODE, FOREIGN_CODE}),
        ]:
            with self.subTest(text=text):
                self.assertEqual(set(about.read(text).shown_codes), codes)
        self.assertFalse(about.read(f"{CODE} x", [CODE]).codes)

    def test_addresses(self):
        read = about.read("da: Camera@pec.it, a <prova@legalmail.it>.", ['camera@pec.it'])
        self.assertEqual(read.addresses, {'prova@legalmail.it'})

    def test_numbers(self):
        for text, reas in [
            ("REA RM-0123", {('RM', '123')}), ("N. R.E.A.: rm 123", {('RM', '123')}), ("rea n. 123", {('', '123')}),
            ("area 123", set()), ("REA 12345678", set()), ("reato 123", set()),
        ]:
            with self.subTest(text=text):
                self.assertEqual(about.read(text).reas, reas)
        for text, numbers in [
            ("Protocollo n. RM-2026-1234 del", {'RM20261234'}), ("prot. 12345/2026.", {'123452026'}),
            ("numero di protocollo: PRA/12/2026/CRMAUTO", {'PRA122026CRMAUTO'}), ("protocollata il 05/11/2026", set()),
            ("protocollo informatico", set()), ("protocolli 1234", set()),
        ]:
            with self.subTest(text=text):
                self.assertEqual(about.read(text).protocols, numbers)
        self.assertEqual(about.read("PEC: <Prova@Legalmail.it>, x@y").addresses, {'prova@legalmail.it'})

    def test_which_one(self):
        for text, number, reason in [
            (CODE, None, 'several'), (f"{CODE} prova@legalmail.it", 1, ''), (f"{CODE} mario@legalmail.it", 2, ''),
            (f"{CODE} prot. RM-2026-1", 1, ''), (f"{CODE} REA RM 123", 1, ''), (f"{CODE} REA MI 123", None, 'several'),
            (f"{CODE} altra@legalmail.it", None, 'contradiction'), (f"{CODE} prot. MI77 mario@legalmail.it", 2, ''),
            (f"{CODE} prot. MI.770", None, 'several'), (f"{CODE} {FOREIGN_CODE}", None, 'several'),
            (f"{CODE} prova@legalmail.it prot. RM-2026-1 mario@legalmail.it", 1, ''),
            (f"{FOREIGN_CODE} {PecCase.code_of(5)}", 3, ''),
            (f"{PecCase.code_of(5)} {FOREIGN_CODE}", None, 'contradiction'),
            (' '.join([FOREIGN_CODE, *map(PecCase.code_of, range(25))]), None, 'several'),
            (FOREIGN_CODE, 3, ''), (f"{FOREIGN_CODE} {PERSON_CODE}", 3, ''), (PERSON_CODE, None, 'several'),
            ("prova@legalmail.it", 1, ''), ("prova@legalmail.it altra@legalmail.it", None, 'several'),
            (f"{PecCase.code_of(5)} prova@legalmail.it", None, 'other'),
            (f"{PecCase.code_of(5)} {PERSON_CODE} prova@legalmail.it", None, 'other'),
            (f"{PERSON_CODE} prova@legalmail.it", 1, ''),
            (f"{CODE} prova@legalmail.it prot. RM-2026-9", None, 'contradiction'),
            (f"{CODE} prova@legalmail.it REA RM 999", None, 'contradiction'),
            (f"{CODE} prova@legalmail.it prot. RM-2026-9, poi prot. RM-2026-1", 1, ''),
            (f"{CODE} mario@legalmail.it prot. RM-2026-9", 2, ''),
            ("", None, 'nothing'), ("x@y.it", None, 'unknown'),
        ]:
            with self.subTest(text=text):
                found = about.find_case(about.read(text), self.CASES)
                self.assertEqual((found.number, found.reason), (number, reason))

    def test_the_last_word(self):
        cases = [case._replace(is_answered=True) for case in self.CASES[:1]]
        self.assertEqual(about.find_case(about.read(CODE), cases).reason, 'answered')
        both = [*cases, self.CASES[1]]
        for text, number, reason in [
            (CODE, None, 'several'), (f"{CODE} mario@legalmail.it", 2, ''),
            (f"{CODE} prot. RM-2026-1", None, 'answered'),
        ]:
            found = about.find_case(about.read(text), both)
            self.assertEqual((found.number, found.reason), (number, reason), text)
        self.assertEqual(
            about.find_case(about.read(f"{CODE} prova@legalmail.it"), [*cases, self.CASES[1]]).reason, 'answered')
