from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

from ..odd_values import ODD_VALUES

WELL_FORMED = [
    'mypec@pec.com', ' MyPec@PEC.it ', 'a.b-c_d+e@sub.dom-ain.legalmail.it', "o'neil@pec.it", 'a@pec.it', '1@pec.it',
    '12485671007@pec.it', 'RSSMRA80A01H501U@impresa.italia.it', 'yourpec@testcert.legalmail.it', 'a_b@pec.it',
    '_a@pec.it', 'a-@pec.it', '-a@pec.it', 'a&b@pec.it', 'a#b@pec.it', 'a@1.it', 'a@123.it', 'a@a-b.it', 'a@a--b.it',
    'a@xn--caff-8oa.it', 'a@xn--80ak6aa92e.xn--p1ai', 'a@pec.museum', 'a@pec.studio', 'a@a.b.c.d.e.f.it',
    'mypec@pec.it\n', '\tmypec@pec.it', 'a' * 64 + '@pec.it', '.'.join(['a'] * 32) + '@pec.it', 'a@' + 'b' * 63 + '.it',
    'a@' + 'b.' * 124 + 'it', 'a' * 64 + '@' + 'b.' * 93 + 'it',
]
MALFORMED = [
    '', None, False, 'a', 'a@b', '@pec.it', 'a@', '@', 'a b@pec.it', 'a@@pec.it', 'a@b@pec.it', 'a@pec..it',
    '.a@pec.it', 'a.@pec.it',
    'a..b@pec.it', 'a@-pec.it', 'a@pec-.it', 'a@.pec.it', 'a@pec.', 'a@.it', 'è@pec.it', 'a@perù.it',
    'a@pec.it\n.x',
    'a\n@pec.it', 'a@pec.1', 'a@pec.i', 'a@pec.123', 'a@127.0.0.1', 'a@[127.0.0.1]',
    '"a b"@pec.it', 'a@pec_it.it',
    'a@pec,it', 'a,b@pec.it', 'a;b@pec.it', 'pec.it', 'www.pec.it', 'https://pec.it', 'a@pec.it/b', 'a@pec it',
    'a @pec.it', 'a@ pec.it',
    'a(at)pec.it', 'a\\@pec.it', 'a:b@pec.it', 'a[b]@pec.it', 'a<b>@pec.it', 'a@pec.it:25', 'a@xn--.it', 'a@pec.xn--',
    'a@pec.xn---',
    'pec-without-at', 'no pec',
    # too long: the whole, before the "@", a label of the domain
    'x' * 250 + '@pec.it', 'x' * 65 + '@pec.it', '.'.join(['a'] * 33) + '@pec.it', 'a@' + 'b' * 64 + '.it',
    'a@' + 'b.' * 126 + 'it',
    'a@pec.' + 'b' * 64,
    # what looks like ASCII
    'а@pec.it', 'a@рec.it', 'a@pec。it', 'ı@pec.it', 'a@\u212apnpec.it', 'ſ@pec.it', 'a@ﬁ.it', '①@pec.it', 'a@pec.іt',
]
# as people paste it -> the address
WRAPPED = {
    # what nobody sees, and what looks like a plain sign
    'a\u200b@pec.it': 'a@pec.it', '\u200ba@pec.it\u200f': 'a@pec.it', 'a@pec\u00ad.it': 'a@pec.it',
    '\ufeffa@pec.it': 'a@pec.it', '\u202aa@pec.it\u202c': 'a@pec.it', '\u2066a@pec.it\u2069': 'a@pec.it',
    'a\x00@pec.it': 'a@pec.it', '\u2007a@pec.it\u3000': 'a@pec.it', 'a＠pec．it': 'a@pec.it', '１@pec.it': '1@pec.it',
    'mario\u2011rossi@pec.it': 'mario-rossi@pec.it', 'mario–rossi@pec.it': 'mario-rossi@pec.it',
    'o’neil@pec.it': "o'neil@pec.it", 'A\u200d@PEC.it': 'a@pec.it',
    # what stands around it
    'mailto:a@pec.it': 'a@pec.it', 'MAILTO: A@pec.it': 'a@pec.it', 'mailto:a@pec.it?subject=Fatture': 'a@pec.it',
    'mailto://a@pec.it': 'a@pec.it', 'PEC:a@pec.it': 'a@pec.it', 'PEC: a@pec.it': 'a@pec.it',
    'pec : a@pec.it': 'a@pec.it',
    'P.E.C.: a@pec.it': 'a@pec.it', 'Pec - a@pec.it': 'a@pec.it', 'Indirizzo PEC: a@pec.it.': 'a@pec.it',
    'PEC aziendale: a@pec.it': 'a@pec.it', 'Posta elettronica certificata: a@pec.it': 'a@pec.it',
    'Domicilio digitale/PEC: a@pec.it': 'a@pec.it', 'e-mail PEC: <a@pec.it>;': 'a@pec.it',
    'PEC: mailto:a@pec.it': 'a@pec.it',
    'SMTP:a@pec.it': 'a@pec.it', '<a@pec.it>': 'a@pec.it', 'Azienda <a@pec.it>': 'a@pec.it',
    '"Alfa S.r.l." <A@PEC.it>': 'a@pec.it', 'Alfa, S.r.l. <mailto:a@pec.it>': 'a@pec.it', '[a@pec.it]': 'a@pec.it',
    '(a@pec.it)': 'a@pec.it', '"a@pec.it"': 'a@pec.it', '“a@pec.it”': 'a@pec.it', "'a@pec.it'": 'a@pec.it',
    "'a@pec.it": 'a@pec.it', 'a@pec.it;': 'a@pec.it', 'a@pec.it,': 'a@pec.it', 'a@pec.it.': 'a@pec.it',
    'a@pec.it ;': 'a@pec.it', ', a@pec.it': 'a@pec.it', 'a@pec.it>': 'a@pec.it', '<a@pec.it': 'a@pec.it',
    'a@pec.it (PEC)': 'a@pec.it', '<<a@pec.it>>': 'a@pec.it', 'a@pec.it:': 'a@pec.it',
    # a label without a colon, or behind; of other words; what else is pasted along
    'PEC a@pec.it': 'a@pec.it', 'pec a@pec.it': 'a@pec.it', 'E-mail PEC a@pec.it': 'a@pec.it',
    'Indirizzo PEC a@pec.it': 'a@pec.it', 'PEC\ta@pec.it': 'a@pec.it', 'P.E.C. a@pec.it': 'a@pec.it',
    'PEC=a@pec.it': 'a@pec.it', 'P.E.C.a@pec.it': 'a@pec.it', 'PEC::a@pec.it': 'a@pec.it', 'PEC; a@pec.it': 'a@pec.it',
    'a@pec.it PEC': 'a@pec.it', 'a@pec.it - PEC': 'a@pec.it', 'a@pec.it [PEC]': 'a@pec.it',
    '(PEC) a@pec.it': 'a@pec.it',
    'PEC (a@pec.it)': 'a@pec.it', 'Posta elettronica certificata (PEC): a@pec.it': 'a@pec.it',
    "PEC dell'impresa: a@pec.it": 'a@pec.it', 'PEC della società: a@pec.it': 'a@pec.it', 'PEC 1: a@pec.it': 'a@pec.it',
    'Indirizzo pubblico di posta elettronica certificata: a@pec.it': 'a@pec.it', 'e.mail: a@pec.it': 'a@pec.it',
    'A: a@pec.it': 'a@pec.it', 'From: Alfa <a@pec.it>': 'a@pec.it', 'Alfa <a@pec.it>;': 'a@pec.it',
    'Alfa S.r.l. <a@pec.it>,': 'a@pec.it', 'Alfa srl [mailto:a@pec.it]': 'a@pec.it', 'Alfa srl (a@pec.it)': 'a@pec.it',
    '[a@pec.it](mailto:a@pec.it)': 'a@pec.it', 'a@pec.it<mailto:a@pec.it>': 'a@pec.it',
    '&lt;a@pec.it&gt;': 'a@pec.it', 'mailto:%20a@pec.it': 'a@pec.it', 'mailto:a%40pec.it': 'a@pec.it',
    'a@pec.it?subject=Fattura': 'a@pec.it', '- a@pec.it': 'a@pec.it', '• a@pec.it': 'a@pec.it',
    '*a@pec.it*': 'a@pec.it',
    '✉ a@pec.it': 'a@pec.it', '|a@pec.it|': 'a@pec.it', '`a@pec.it`': 'a@pec.it', 'a@pec.it/': 'a@pec.it',
    'a@pec.it!': 'a@pec.it', 'a@pec.it…': 'a@pec.it', '‹a@pec.it›': 'a@pec.it', '{a@pec.it}': 'a@pec.it',
    # twice the same
    'email: a@pec.it - pec: A@pec.it': 'a@pec.it', 'PEC a@pec.it PEC: a@pec.it': 'a@pec.it',
    'a@pec.it; A@PEC.it': 'a@pec.it', 'a@pec.it <mailto:a@pec.it>': 'a@pec.it', 'a@pec.it a@pec.it': 'a@pec.it',
}
# as people paste it -> the addresses
SEVERAL = {
    'a@pec.it\nb@pec.it': ['a@pec.it', 'b@pec.it'], 'a@pec.it;b@pec.it': ['a@pec.it', 'b@pec.it'],
    'a@pec.it, B@legalmail.it': ['a@pec.it', 'b@legalmail.it'], 'a@pec.it b@pec.it': ['a@pec.it', 'b@pec.it'],
    'a@pec.it / b@pec.it': ['a@pec.it', 'b@pec.it'], 'a@pec.it/b@pec.it': ['a@pec.it', 'b@pec.it'],
    'a@pec.it oppure b@pec.it': ['a@pec.it', 'b@pec.it'],
    'PEC: a@pec.it - mail: b@gmail.com': ['a@pec.it', 'b@gmail.com'],
    'Alfa <a@pec.it>, Beta <b@pec.it>': ['a@pec.it', 'b@pec.it'], 'a@pec.it|b@pec.it|c@pec.it': [
        'a@pec.it', 'b@pec.it', 'c@pec.it'],
    'a@pec.it <b@pec.it>': ['a@pec.it', 'b@pec.it'], 'A@pec.it;a@PEC.IT;b@pec.it': ['a@pec.it', 'b@pec.it'],
}
# of which nothing may be taken for the address: what is beside may be a part of it
NOT_UNWRAPPED = [
    'PEC amministratore: a@pec.it', 'commercialista: a@pec.it', 'studio rossi@pec.it', 'PEC mario rossi@pec.it',
    '"a b"@pec.it', "'a'@pec.it", "societa'@pec.it", '@a@pec.it', '.a@pec.it', 'a.@pec.it', 'di a@pec.it',
    'https://a@pec.it', 'a@pec.it-',
    'mario rossi@pec.it', 'Alfa a@pec.it', 'a:b@pec.it', 'rossi: a@pec.it', 'a b@pec.it; b@pec.it',
    'a@b@pec.it', 'a@@pec.it', 'a@pec.it-b@', 'a@pec it', 'PEC:', ';', '<>', 'mailto:', 'x' * 2000 + '@pec.it',
]
# reason code -> domains
DOMAINS = {
    'address_consumer': [
        'gmail.com', 'googlemail.com', 'GMAIL.COM', 'Gmail.com', 'outlook.com', 'outlook.it', 'outlook.fr',
        'outlook.de', 'outlook.com.br', 'hotmail.com', 'hotmail.it', 'hotmail.fr', 'hotmail.co.uk', 'yahoo.com',
        'yahoo.it', 'yahoo.fr', 'yahoo.co.uk', 'yahoo.com.br', 'libero.it', 'LIBERO.IT', 'virgilio.it', 'alice.it',
        'tiscali.it', 'icloud.com', 'me.com', 'mac.com', 'live.com', 'live.it', 'msn.com',
    ],
    'address_closed': ['postacertificata.gov.it', 'PostaCertificata.gov.it', 'x.postacertificata.gov.it'],
    'address_office': ['impresa.italia.it', 'IMPRESA.ITALIA.IT', 'x.impresa.italia.it'],
    'address_exchange': ['pec.fatturapa.it', 'Pec.FatturaPA.it', 'sdi.pec.fatturapa.it'],
    'known': [
        'pec.it', 'PEC.IT', 'arubapec.it', 'pec.aruba.it', 'mypec.eu', 'gigapec.it', 'legalmail.it', 'LegalMail.it',
        'cert.legalmail.it',
        'pec.infocert.it', 'domiciliodigitale.com', 'pecmassiva.com', 'postecert.it', 'sicurezzapostale.it',
        'namirialpec.it',
        'pec.namirial.it', 'pec.net', 'interfreepec.it', 'timpec.it', 'pec.telecomitalia.it', 'actalispec.it',
        'pec.intesigroup.com',
        'pec.buffetti.it', 'pecmail.net', 'kpnpec.it', 'postacertificata.notariato.it',
        # domains that a provider gives within its own, those of the vendor's sandbox among them
        'azienda.pec.it', 'studio.legalmail.it', 'testcert.legalmail.it', 'test.domiciliodigitale.com',
        'roma.postecert.it', 'a.b.pec.it',
        'gmail.pec.it', 'outlook.pec.it', 'pec.pec.it', 'milano.pec.aruba.it',
    ],
    'unknown': [
        # companies' own
        'pec.com', 'azienda.it', 'pec.azienda.it', 'cert.studio.eu', 'legal.azienda.srl', 'pecazienda.it',
        'azienda.xn--p1ai',
        'x.y.z.azienda.com',
        # consumers' providers have certified domains too, and companies names like theirs
        'pec.tiscali.it', 'pec.libero.it', 'pec.virgilio.it', 'pec.alice.it', 'cert.gmail.com', 'pec.outlook.it',
        'outlook.azienda.it',
        'yahoo.azienda.com', 'live.azienda.it', 'gmail.it', 'gmail.eu', 'libero.com', 'myoutlook.com',
        'outlook-azienda.it',
        'nothotmail.it', 'outlook.srl', 'icloud.it', 'outlook.com.azienda.it',
        # near a domain of the tables, and not in it
        'mypec.it', 'xpec.it', 'pec.it.com', 'pec.it.azienda.it', 'legalmail.com', 'notlegalmail.it', 'legalmail.it.eu',
        'aruba.it',
        'infocert.it', 'namirial.it', 'telecomitalia.it', 'intesigroup.com', 'notariato.it', 'buffetti.it',
        'fatturapa.it', 'italia.it',
        'gov.it', 'pec.gov.it', 'pec.eu', 'postacertificata.it', 'xpostacertificata.gov.it', 'ximpresa.italia.it',
        'impresa.italia.it.eu',
        'pec.fatturapa.gov.it',
        # a provider's machines
        'www.pec.it', 'webmail.pec.it', 'mail.legalmail.it', 'smtps.pec.aruba.it', 'imaps.pec.aruba.it',
        'webmail.pec.aruba.it',
    ],
}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPecAddress(BaseCase):

    def test_well_formed(self):
        for address in WELL_FORMED:
            with self.subTest(address=address):
                self.assertTrue(pec_address.is_well_formed(address))
                self.assertNotIn(pec_address.judge(address), ('missing', 'address_form'))

    def test_malformed(self):
        for address in MALFORMED:
            with self.subTest(address=address):
                self.assertFalse(pec_address.is_well_formed(address))
                self.assertEqual(pec_address.judge(address), 'address_form' if address else 'missing')

    def test_domains(self):
        for reason, domains in DOMAINS.items():
            for domain in domains:
                for name in ('mypec', ' Mario.Rossi', "o'neil-12"):
                    with self.subTest(domain=domain, name=name):
                        self.assertEqual(pec_address.judge(f'{name}@{domain}'), reason)

    def test_tables_are_reachable(self):
        """What stands in the tables is in lower case, well-formed, and judged as its table says."""
        for reason, domains in [
                ('address_consumer', pec_address.CONSUMER_DOMAINS), ('known', pec_address.KNOWN_PROVIDERS)]:
            for domain in domains:
                with self.subTest(domain=domain):
                    self.assertEqual(pec_address.judge(f'a@{domain}'), reason)
        for domain, reason in pec_address.SPECIAL_DOMAINS.items():
            with self.subTest(domain=domain):
                self.assertEqual(pec_address.judge(f'a@{domain}'), reason)

    def test_normalize(self):
        for address, expected in {
            'mypec@pec.it': 'mypec@pec.it', ' MyPec@PEC.it ': 'mypec@pec.it', 'MYPEC@PEC.IT\n': 'mypec@pec.it',
            '\xa0a@pec.it\xa0': 'a@pec.it', 'A B': 'a b', '': '', ' ': '', None: '', False: '', True: '',
            b'a@pec.it': '', 'È@pec.it': 'È@pec.it', 'a@\u212apnpec.it': 'a@\u212apnpec.it',
        }.items():
            with self.subTest(address=address):
                self.assertEqual(pec_address.normalize(address), expected)

    def test_wrapped(self):
        for written, address in WRAPPED.items():
            with self.subTest(written=written):
                self.assertEqual(pec_address.normalize(written), address)
                self.assertEqual(pec_address.normalize_email(written), address)
                self.assertEqual(pec_address.normalize(address), address)
                self.assertIn(pec_address.judge(written), ('known', 'unknown'))
                self.assertEqual(pec_address.find_all(written), [address])

    def test_several(self):
        """Which one is meant is not for us to say."""
        for written, addresses in SEVERAL.items():
            with self.subTest(written=written):
                self.assertEqual(pec_address.judge(written), 'address_several')
                self.assertEqual(pec_address.judge_email(written), 'email_several')
                self.assertEqual((pec_address.find_all(written), pec_address.find_emails(written)), (addresses,) * 2)
                self.assertEqual(pec_address.normalize_email(written), '')
                folded = pec_address.normalize(written)
                self.assertEqual((pec_address.normalize(folded), pec_address.find_all(folded)), (folded, addresses))

    def test_what_is_no_wrapping(self):
        for written in NOT_UNWRAPPED:
            with self.subTest(written=written):
                self.assertEqual(pec_address.judge(written), 'address_form')
                self.assertEqual(pec_address.find_all(written), [])

    def test_compared(self):
        """Another one's address is found beside whatever words, where it is seen to begin there."""
        for written, addresses in {
            'commercialista: A@pec.it': ['a@pec.it'], 'PEC amministratore: a@pec.it': ['a@pec.it'],
            'Alfa (a@pec.it) dal 2020': ['a@pec.it'], 'a@pec.it dal 2020': ['a@pec.it'], 'PEC a@pec.it': ['a@pec.it'],
            'vecchia: a@pec.it nuova: b@pec.it': ['a@pec.it', 'b@pec.it'], 'mia a@pec.it': [], 'mario rossi@pec.it': [],
            'nobody': [], '': [], None: [], 'x: ' * 500 + 'a@pec.it': [],
        }.items():
            with self.subTest(written=written):
                self.assertEqual(pec_address.find_compared(written), addresses)

    def test_in_text(self):
        for text, addresses in {
            "Alfa;A@pec.it": ['a@pec.it'], "scrivere a a@pec.it.": ['a@pec.it'], "<a@pec.it>, 'b@pec.it'": [
                'a@pec.it', 'b@pec.it'], "a@pec.it A@PEC.it": ['a@pec.it'], "a\u200b@pec.it": ['a@pec.it'],
            "x@y @ a@@pec.it": [], "nobody": [], '': [],
        }.items():
            with self.subTest(text=text):
                self.assertEqual(pec_address.find_in_text(text), addresses)
        self.assertEqual(pec_address.find_in_text("x@ a@pec.it b@pec.it c@pec.it", 3), ['a@pec.it', 'b@pec.it'])

    def test_emails(self):
        for written, expected in {
            'Mario@Example.com': 'mario@example.com', 'Mario Rossi <mario@example.com>': 'mario@example.com',
            'mailto:mario@example.com': 'mario@example.com', 'mario@caffè.it': 'mario@caffè.it',
            'Nicolò@example.com': 'Nicolò@example.com', 'e-mail: mario@example.com;': 'mario@example.com',
        }.items():
            with self.subTest(written=written):
                self.assertEqual(pec_address.normalize_email(written), expected)
                self.assertEqual(pec_address.judge_email(written), 'fine')
        for written in (
                'nobody', 'a@b', '.a@example.com', 'a.@example.com', 'a..b@example.com',
                'a b@example.com', '@example.com', 'a@example.', 'a@@example.com',
                'a@b@example.com'):
            with self.subTest(written=written):
                self.assertEqual(pec_address.judge_email(written), 'email_form')
                self.assertEqual(pec_address.normalize_email(written), '')
        for written in ('', ' ', '\u200b', None, False):
            self.assertEqual(pec_address.judge_email(written), 'missing')

    def test_mailing(self):
        """Whether ordinary mail reaches the signer."""
        for email, expected in {
            'alfa@legalmail.it': 'email_is_pec', 'PEC: Alfa@legalmail.it;': 'email_is_pec',
            'alfa\u200b@legalmail.it': 'email_is_pec',
            **dict.fromkeys((
                'mario@legalmail.it', 'mario@pec.it', 'mario@studio.pec.it', 'mario@arubapec.it', 'mario@pec.studio.it',
                'Mario <mario@PEC.libero.it>', 'mario@postecert.it', 'mario@legalmail.azienda.it',
                '12485671007@impresa.italia.it', 'mario@postacertificata.gov.it', 'mario@geopec.it',
                'mario@consulentidellavoropec.it', 'mario@milano.pecavvocati.it', 'mario@ingpec.eu', 'm@studio-pec.it',
            ), 'email_certified'),
            **dict.fromkeys((
                'mario@gmail.com', 'mario@example.com', 'mario@studio.it', 'mario@pecora.it', 'mario@pec.com',
                'mario@azienda.pec.example', 'mario@libero.it', 'mario@innospec.com',
                'mario@opec.org', 'mario@prospec.it', 'mario@pecchia.it', 'nobody', '', None, 'a@pec.it; b@pec.it',
            ), 'fine'),
        }.items():
            with self.subTest(email=email):
                self.assertEqual(pec_address.judge_mailing(email, 'alfa@legalmail.it'), expected)

    def test_mailing_on_the_domain_of_the_pec(self):
        for email, pec, expected in (
            ('mario@alfacert.example', 'alfa@alfacert.example', 'email_certified'),
            ('Mario <MARIO@alfacert.example>', 'PEC: alfa@alfacert.example', 'email_certified'),
            ('mario@alfa.example', 'alfa@pec.alfa.example', 'fine'),
            ('mario@xalfacert.example', 'a@alfacert.example', 'fine'),
            ('mario@gmail.com', 'alfa@gmail.com', 'fine'),  # which is no PEC, and told to be none
            ('mario@alfa.example', 'no pec', 'fine'), ('mario@alfa.example', '', 'fine'),
            ('mario@alfa.example', 'a@alfa.example; b@alfa.example', 'fine'),
        ):
            with self.subTest(email=email, pec=pec):
                self.assertEqual(pec_address.judge_mailing(email, pec), expected)

    def test_odd_values(self):
        for value in ODD_VALUES:
            with self.subTest(value=str(value)[:40].encode('ascii', 'backslashreplace')):
                self.assertIn(pec_address.judge(value), ('missing', 'address_form'))
                self.assertIs(pec_address.is_well_formed(value), False)
                normal = pec_address.normalize(value)
                self.assertIsInstance(normal, str)
                self.assertEqual(pec_address.normalize(normal), normal)
                self.assertEqual((pec_address.find_all(value), pec_address.normalize_email(value)), ([], ''))
                self.assertEqual(pec_address.judge_mailing(value, value), 'fine')
