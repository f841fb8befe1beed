from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.l10n_it_openapi_pec.tools import trust

import p7m_files as files
from p7m_files import DAY, NOW
from trust_files import Authority, drip
from trust_lists import fingerprint, list_signer
from trust_world import ITALIAN, LIST_OF_LISTS

from ..common import PecCase
from ..common_trust import TrustMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLists(TrustMixin, PecCase):
    """Trusted lists are fetched, verified and kept; nothing is trusted before a person has confirmed who signs them."""

    def problem(self, territory='EU'):
        return self.lists()[territory].problem

    def fetch(self):
        """Have the lists fetched as if it were another day."""
        self.env['openapi_pec.trusted_list'].search([]).write({'checked_at': False})
        self.server.asked.clear()
        self.run_cron('lists')

    def count_usable(self):
        return len(self.env['openapi_pec.trusted_list'].search([]).filtered('is_usable'))

    def test_proposed(self):
        """What this addon proposes is here, and confirmed by nobody."""
        anchors = self.env['openapi_pec.trust_anchor'].search([])
        self.assertEqual(len(anchors), 6)
        self.assertFalse(anchors.filtered('confirmed_at'))
        self.assertEqual(set(anchors.mapped('notice_url')), {'https://eur-lex.europa.eu/eli/C/2026/1944/oj'})
        anchors._propose()
        self.assertEqual(self.env['openapi_pec.trust_anchor'].search_count([]), 6)

    def test_not_confirmed(self):
        """Nothing is fetched, and the settings say why."""
        self.run_cron('lists')
        self.assertEqual(self.server.asked, [])
        self.assertEqual(self.problem(), 'anchors_unconfirmed')
        settings = self.env['res.config.settings'].create({})
        self.assertFalse(settings.openapi_pec_is_trust_ready)
        self.assertIn("Nobody has confirmed yet", settings.openapi_pec_trust_sentence)

    def find(self, country='IT'):
        """Return what is found of a certificate of an authority of a country."""
        authority = Authority("Ignota CA", country=country)
        [verdict] = self.env['openapi_pec.trust']._judge_beyond([(self.company, files.sign(authority.issue()))])
        return verdict.findings[0].code

    def test_what_is_said_of_a_list_that_is_not_here(self):
        """That it is fetched in the background is said where it is, and nowhere else."""
        self.assertEqual(self.find(), 'lists_unconfirmed')
        self.run_cron('lists')
        self.assertEqual(self.find(), 'lists_unconfirmed')
        self.env['openapi_pec.trust_anchor'].create(
            {'fingerprint': self.world.fingerprint, 'notice': 'C/2026/1944'}).action_confirm()
        self.env['openapi_pec.trusted_list'].search([]).unlink()
        self.assertEqual(self.find(), 'list_missing')
        self.server.answers[LIST_OF_LISTS] = (500, {}, b'')
        self.run_cron('lists')
        self.assertEqual(self.find(), 'list_unavailable')
        self.serve(LIST_OF_LISTS)
        self.fetch()
        self.assertEqual((self.find(), self.find('DE')), ('issuer_not_listed', 'list_missing'))
        self.env['openapi_pec.trusted_list']._want(['DE'])
        self.run_cron('lists')
        self.assertEqual(self.find('DE'), 'list_unavailable')

    def test_fetched(self):
        self.trust_world()
        self.assertEqual({
            territory: (record.sequence, record.is_usable, record.problem)
            for territory, record in self.lists().items()}, dict.fromkeys(('EU', 'IT'), (42, True, False)))
        settings = self.env['res.config.settings'].create({})
        self.assertTrue(settings.openapi_pec_is_trust_ready)
        self.assertIn("IT number 42, valid until", settings.openapi_pec_trust_sentence)
        self.run_cron('lists')
        self.assertEqual(self.server.asked, [], "once a day is enough")
        self.fetch()
        self.assertEqual(self.server.asked, [LIST_OF_LISTS, ITALIAN])

    def test_a_newer_one_takes_its_place(self):
        self.trust_world()
        self.world.sequence = 43
        self.fetch()
        self.assertEqual({record.sequence for record in self.lists().values()}, {43})
        self.world.sequence = 41
        self.fetch()
        self.assertEqual({record.sequence for record in self.lists().values()}, {43})
        self.assertEqual(self.problem('IT'), 'list_older')
        self.assertIn("older one (number 41)", self.lists()['IT'].problem_sentence)
        self.assertTrue(self.lists()['IT'].is_usable)

    def test_unchanged(self):
        """A server that has nothing newer sends nothing; what is here stays."""
        self.trust_world()
        self.lists()['IT'].modified_at = NOW.replace(tzinfo=None)
        self.server.answers[ITALIAN] = (304, {}, b'')
        self.fetch()
        self.assertEqual((self.problem('IT'), self.lists()['IT'].sequence), (False, 42))
        self.assertTrue(self.lists()['IT'].is_usable)

    def test_not_taken(self):
        """The copy that was verified stays, whatever comes in its place; the problem is told."""
        self.trust_world()
        good = self.world.get(ITALIAN)
        for answer, problem in (
                (good.replace(b'granted', b'revoked'), 'list_changed'), (b'<html/>', 'list_kind'),
                (b'x', 'list_unreadable'), ((404, {}, b''), 'refused'), (drip, 'too_slow')):
            with self.subTest(problem=problem):
                self.server.answers[ITALIAN] = answer
                self.fetch()
                self.assertEqual(self.problem('IT'), problem)
                sentence = self.lists()['IT'].problem_sentence
                self.assertTrue(sentence)
                self.assertEqual("The one before stays in use" in sentence, problem.startswith('list_'), sentence)
                self.assertTrue(self.lists()['IT'].is_usable)

    def test_does_not_come(self):
        """A list that only does not come is told once the one before is out of date."""
        self.trust_world()
        record = self.lists()['IT']
        self.server.answers[ITALIAN] = (500, {}, b'')
        self.fetch()
        self.assertEqual((record.problem, record.activity_ids.ids), ('refused', []))
        self.server.asked.clear()
        self.run_cron('lists')
        self.assertNotIn(ITALIAN, self.server.asked, "not at once")
        record.checked_at -= timedelta(hours=1)
        self.run_cron('lists')
        self.assertIn(ITALIAN, self.server.asked, "but within the hour")
        record.next_update = NOW.replace(tzinfo=None) - DAY
        for _time in range(2):
            self.fetch()
        self.assertEqual(record.activity_ids.user_id, self.env.user)
        self.serve(ITALIAN)
        self.fetch()
        self.assertFalse(record.activity_ids)

    def test_another_signer(self):
        """The list of lists, signed by one whom nobody has confirmed: the fingerprint is told, nothing is taken."""
        self.trust_world()
        self.world.europe = list_signer(copy=3)
        self.fetch()
        self.assertEqual(self.problem(), 'list_signer_unknown')
        self.assertIn(self.world.fingerprint, self.lists()['EU'].problem_sentence)
        self.fetch()
        [activity] = self.lists()['EU'].activity_ids
        self.assertEqual(activity.user_id, self.env.user)
        anchor = self.env['openapi_pec.trust_anchor'].create({
            'fingerprint': ':'.join(self.world.fingerprint.upper()[place:place + 2] for place in range(0, 64, 2)),
            'notice': 'C/2027/1'})
        self.assertEqual(anchor.fingerprint, self.world.fingerprint)
        anchor.action_confirm()
        self.fetch()
        self.assertFalse(self.problem())
        self.assertFalse(self.lists()['EU'].activity_ids)

    def test_announced(self):
        """Who signs the list of lists next is announced by the one in use, before any notice names him."""
        following = list_signer(copy=3)
        self.world.announced = [self.world.europe]
        self.trust_world()
        europe, anchors = self.lists()['EU'], self.env['openapi_pec.trust_anchor'].search([])
        self.assertFalse(europe.activity_ids)
        self.world.announced, self.world.sequence = [self.world.europe, following], 43
        for _time in range(2):
            self.fetch()
        [activity] = europe.activity_ids
        self.assertEqual(activity.user_id, self.env.user)
        self.assertIn("announces signers (LOTL 43)", activity.summary)
        anchor = self.env['openapi_pec.trust_anchor'].search([]) - anchors
        self.assertEqual(
            (anchor.fingerprint, anchor.notice, anchor.notice_url, anchor.confirmed_at),
            (fingerprint(following), 'LOTL 43', '', False))
        self.world.europe, self.world.sequence = following, 44
        self.fetch()
        self.assertEqual((self.problem(), europe.sequence), ('list_signer_unknown', 43), "it is trusted by nobody yet")
        anchor.action_confirm()
        self.fetch()
        self.assertEqual((self.problem(), europe.sequence, europe.activity_ids.ids), (False, 44, []))

    def test_another_notice(self):
        """The list of lists names the notice of its next signers: it counts, and who confirmed the others is told."""
        self.trust_world()
        europe = self.lists()['EU']
        self.assertEqual((europe.notice, europe.activity_ids.ids), ('C/2026/1944', []))
        self.world.notice, self.world.sequence = 'https://eur-lex.invalid/?uri=OJ:C_202700012', 43
        for _time in range(2):
            self.fetch()
            self.assertEqual((self.problem(), europe.notice, self.count_usable()), (False, 'C/2027/12', 2))
        [activity] = europe.activity_ids
        self.assertEqual(activity.user_id, self.env.user)
        self.assertIn("another notice (C/2027/12)", activity.summary)
        self.server.answers[LIST_OF_LISTS] = (304, {}, b'')
        europe.modified_at = NOW.replace(tzinfo=None)
        self.fetch()
        self.assertEqual(europe.activity_ids, activity, "it is told also where there is nothing newer")
        anchor = self.env['openapi_pec.trust_anchor'].create({'fingerprint': 'ab' * 32, 'notice': "OJ C, C/2027/12"})
        self.fetch()
        self.assertEqual(europe.activity_ids, activity, "nobody has confirmed it yet")
        anchor.action_confirm()
        self.fetch()
        self.assertFalse(europe.activity_ids)
        self.serve(LIST_OF_LISTS)
        self.world.notice, self.world.sequence = 'https://ec.invalid/', 44
        self.fetch()
        self.assertFalse(europe.notice or self.problem())
        self.assertFalse(europe.activity_ids, "what is not known as a notice is not compared")

    def test_withdrawn_anchor(self):
        """Without the anchor that signed the list of lists nothing counts that hangs on it, at once."""
        self.trust_world()
        self.assertEqual(self.count_usable(), 2)
        self.env['openapi_pec.trust_anchor'].search([('confirmed_at', '!=', False)]).unlink()
        self.assertEqual(self.count_usable(), 0)

    def test_another_signer_of_a_country(self):
        """A country's list that is signed by another one than the list of lists names now does not count any more."""
        self.trust_world()
        self.world.italy, self.world.sequence = list_signer(copy=4), 1
        self.server.answers[ITALIAN] = (500, {}, b'')
        record = self.lists()['EU']
        record.write({'checked_at': False, 'sequence': 0})
        self.run_cron('lists')
        self.assertEqual([record.is_usable, self.lists()['IT'].is_usable], [True, False])
        self.serve(ITALIAN)
        self.fetch()
        self.assertEqual((self.count_usable(), self.lists()['IT'].sequence), (2, 1))

    def test_wanted(self):
        """Others are fetched once a signature is of an authority there, and the list of lists names them."""
        self.trust_world()
        self.env['openapi_pec.trusted_list']._want(['DE', 'XX'])
        self.assertEqual(set(self.lists()), {'EU', 'IT', 'DE'})
        self.run_cron('lists')
        self.assertEqual(self.server.asked, ['/trust/de.xml'])
        self.assertEqual(self.problem('DE'), 'refused')

    def test_jobs_do_not_call_each_other(self):
        """What is here, or was tried just now, wakes no job again; a list that came has the signatures looked at."""
        def woken(job):
            crons = self.env.ref(f'l10n_it_openapi_pec.ir_cron_{job}')
            triggers = self.env['ir.cron.trigger'].search([('cron_id', 'in', crons.ids)])
            count = len(triggers)
            triggers.unlink()
            return count

        self.run_cron('lists')  # nobody has confirmed who signs them
        woken('lists')
        self.run_cron('lists')
        self.assertEqual((woken('lists'), woken('revocations')), (0, 0))
        self.trust_world()
        self.assertTrue(woken('revocations'))
        self.env['openapi_pec.trusted_list']._want(['DE'])
        self.assertTrue(woken('lists'))
        self.run_cron('lists')
        woken('lists')  # an hour later, since it did not come
        for job in ('lists', 'revocations', 'lists'):
            self.run_cron(job)
            self.env['openapi_pec.trusted_list']._want(['DE'])
        self.assertEqual((self.problem('DE'), woken('revocations')), ('refused', 0))
        hour = self.env.cr.now() + timedelta(minutes=50)
        soon = self.env['ir.cron.trigger'].search([
            ('cron_id', '=', self.env.ref('l10n_it_openapi_pec.ir_cron_lists').id), ('call_at', '<', hour)])
        self.assertFalse(soon)

    def test_who_may(self):
        """A system administrator confirms; nobody writes what is verified."""
        anchor = self.env['openapi_pec.trust_anchor'].search([], limit=1)
        system = new_test_user(self.env, 'pec_trust_system', 'base.group_user,base.group_system')
        for user in (self.user, self.manager):
            with self.assertRaises(AccessError):
                anchor.with_user(user).action_confirm()
            with self.assertRaises(AccessError):
                self.env['openapi_pec.trusted_list'].with_user(user).search([])
        for name, value in (('confirmed_at', '2026-01-01'), ('fingerprint', 'f' * 64)):
            with self.assertRaises(AccessError):
                anchor.with_user(system).write({name: value})
        with self.assertRaises(AccessError):
            anchor.with_user(system).create(
                {'fingerprint': 'a' * 64, 'notice': 'x', 'confirmed_at': '2026-01-01'})
        with self.assertRaises(AccessError):
            anchor.with_user(system).with_context(default_confirmed_by_id=self.env.uid).create(
                {'fingerprint': 'a' * 64, 'notice': 'x'})
        with self.assertRaises(ValidationError):
            anchor.with_user(system).create({'fingerprint': 'abc', 'notice': 'x'})
        anchor.with_user(system).action_confirm()
        self.assertEqual(anchor.confirmed_by_id, system)
        self.trust_world()
        record = self.lists()['IT'].with_user(system)
        for change in ({'content': b'x'}, {'url': 'http://x'}):
            with self.assertRaises(AccessError):
                record.write(change)
        with self.assertRaises(AccessError):
            record.read(['content'])
        self.company.openapi_pec_verify = False
        with self.assertRaisesRegex(UserError, "Nothing was fetched"):
            record.action_fetch()

    def test_only_public_addresses(self):
        """Without what this test puts in its place, nothing on one's own machine or network is reached."""
        fetcher = self.get_shipped_fetcher(1)
        for url in (self.server.url, 'http://localhost/', 'http://169.254.169.254/', 'http://10.0.0.1/'):
            with self.assertRaises(trust.TrustError) as raised:
                fetcher.fetch(url)
            self.assertEqual(raised.exception.code, 'address_refused')
        self.assertEqual(self.server.asked, [])
