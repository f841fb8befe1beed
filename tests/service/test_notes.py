from freezegun import freeze_time
from markupsafe import Markup

from odoo.fields import Datetime
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.models.record.record_mixin import LINE, LINK
from odoo.addons.l10n_it_openapi_pec.models.service.notes import log_notes

from ..common import PecCase

# Names as people write them, and what would be more than a name.
TEXTS = [
    "Impresa 1 S.r.l.", "Rossi & Figli", "<b>Bold</b>", "D'Amico \"il re\"", "  Spazi  ", "100 % sicuro %s %(0)s",
    "Città", "<script>alert(1)</script>", "Rossi <rossi@example.com>", "a\nb", "https://example.com/?a=1&b=2", "",
    "{0}", "\xa0"]
OWN = ('id', 'res_id', 'message_id')  # the columns in which one message differs from another one of the same text


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestNotes(PecCase):
    """Notes that are inserted at once are those that Odoo makes."""

    def read_rows(self, records):
        """Return the rows of the messages of records, all columns of them, in the order of the records."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT * FROM mail_message WHERE model = %s AND res_id = ANY(%s) ORDER BY id",
            [records._name, records.ids])
        names = [column.name for column in self.env.cr.description]
        return [dict(zip(names, row, strict=True)) for row in self.env.cr.fetchall()]

    def check(self, records, notes):
        """Log the same notes in both ways within the same second, and compare all that is kept of them."""
        before = len(self.read_rows(records))
        with freeze_time(Datetime.now()):
            records._message_log_batch({
                record_id: pattern % texts for record_id, (pattern, texts) in notes.items()})
            log_notes(records, notes)
        rows = self.read_rows(records)[before:]
        theirs, ours = rows[:len(records)], rows[len(records):]
        self.assertEqual([row['res_id'] for row in ours], records.ids)
        self.assertEqual(len({row['message_id'] for row in ours}), 1, "as those of a batch have")
        self.assertTrue(ours[0]['message_id'])
        for their, our in zip(theirs, ours, strict=True):
            self.assertEqual(
                {name: our[name] for name in our if name not in OWN},
                {name: their[name] for name in their if name not in OWN})
        messages = self.env['mail.message'].browse([row['id'] for row in ours])
        for name in ('notification_ids', 'tracking_value_ids', 'attachment_ids', 'partner_ids'):
            self.assertFalse(messages[name])

    def test_the_same_rows(self):
        companies = self.create_companies(len(TEXTS))
        self.env['res.lang']._activate_lang('it_IT')
        self.manager.lang = 'it_IT'
        for user in (self.env.user, self.manager, self.user):
            own = companies.with_user(user).with_context(lang=user.lang)
            for pattern, rest in ((Markup('%s'), 0), (LINK, 2), (LINE, 4), (LINE + LINE, 9), (Markup('<p>%s</p>'), 0)):
                with self.subTest(user=user.login, pattern=pattern):
                    self.check(own, {company.id: (pattern, tuple(
                        TEXTS[(number + place) % len(TEXTS)] for place in range(rest + 1)))
                        for number, company in enumerate(own)})

    def test_one_and_none(self):
        self.check(self.partner, {self.partner.id: (LINE, ('x.y', '1', "Uno", "a@b.it", "so."))})
        log_notes(self.partner.browse(), {})

    def test_an_announcement(self):
        """What a change of state leaves in the chatters, read again in the same transaction."""
        companies = self.create_companies(3)
        filings = self.env['openapi_pec.communication'].create([
            {'partner_id': company.id, 'pec_email': f'{name}{company.id}@pec.it'}
            for company in companies for name in ('uno', 'due')])
        before = {record: len(record.message_ids) for record in (*filings, *companies)}
        filings._announce("the service is \"here\" & there.")
        for record in (*filings, *companies):
            self.assertEqual(len(record.message_ids), before[record] + 1)
        self.assertEqual(
            str(filings[0].message_ids[0].body), '<span>The service is "here" &amp; there.</span>')
        for company in companies:
            own = filings.filtered(lambda filing, company=company: filing.partner_id == company)
            self.assertEqual(str(company.message_ids[0].body), ''.join(
                f'<div><a href="#" data-oe-model="{filing._name}" data-oe-id="{filing.id}">{filing.name}</a> '
                f'({filing.pec_email}): the service is "here" &amp; there.</div>' for filing in own))

    def test_queries(self):
        """So many queries for any number of records, besides the rows themselves."""
        companies = self.create_companies(300)
        counts = []
        for records in (companies[:5], companies[:5], companies):
            before = self.env.cr.sql_log_count
            log_notes(records, {record.id: (LINE, ('x', '1', record.name, "a@b.it", "so.")) for record in records})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 15)

    def test_who_has_a_say(self):
        """An addon that does something when a message is made is asked about each."""
        asked = []
        messages = type(self.env['mail.message'])
        original = messages.create

        def create(records, vals_list):
            asked.extend(vals['res_id'] for vals in vals_list)
            return original(records, vals_list)

        self.patch(messages, 'create', create)
        companies = self.create_companies(4)
        asked.clear()
        self.check(companies, {company.id: (Markup('%s'), ("so.",)) for company in companies})
        self.assertEqual(asked, companies.ids * 2)
