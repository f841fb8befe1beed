import time

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.models.filing.communication import MATCH_KEYS
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotFound, OutcomeUnknown
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import Listing, doubts_about, find_traces, fold

from ..common import BODY, CREATE, LIST, SandboxMixin

READ = 'GET /comunica_pec/{id}'
SENT = {
    **BODY, 'ragione_sociale': "Caffè d'Italia S.r.l.", 'cognome': 'nicolò',
    'callback': {'url': 'http://127.0.0.1:9/', 'method': 'JSON', 'field': 'data', 'data': {'reference': 'ours'}},
}
# What of a record is told otherwise than it was sent, the echo left out or not -> where it is found.
TELLINGS = [
    ({}, 'proven'),
    ({'clock': -7200}, 'proven'),
    ({'clock': 9 * 3600}, 'proven'),
    ({'values': ['upper']}, 'proven'),
    ({'values': ['entities']}, 'proven'),
    ({'values': ['labels']}, 'proven'),
    ({'values': ['missing']}, 'proven'),
    ({'values': ['upper', 'entities', 'labels', 'missing'], 'clock': -7200, 'number_ids': True}, 'proven'),
    ({'echo': False}, 'matching'),
    ({'echo': False, 'clock': 9 * 3600}, 'matching'),
    ({'echo': False, 'values': ['upper']}, 'matching'),
    ({'echo': False, 'values': ['entities']}, 'matching'),
    ({'echo': False, 'values': ['labels']}, 'matching'),
    ({'echo': False, 'number_ids': True}, 'matching'),
    ({'echo': False, 'clock': -7200}, 'partial'),
    ({'echo': False, 'values': ['missing']}, 'partial'),
    ({'list_late': 60}, None),
    ({'details_late': 60}, 'unread'),
]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOutcome(SandboxMixin, BaseCase):
    """What became of a call whose answer was lost, read from a service that tells the truth in its own way."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.since = time.time() - 60

    def find(self, strangers=(), **options):
        return find_traces(
            self.client.list_filings(), self.client.get_filing, SENT, since=self.since, strangers=strangers,
            keys=MATCH_KEYS, **options)

    def execute(self, **changes):
        """Make our filing, or one that differs, at the service; return its id."""
        body = {**SENT, **changes}
        return self.client.create_filing({key: value for key, value in body.items() if value is not None})['id']

    def assert_found(self, traces, where, ids):
        for name in ('proven', 'matching', 'partial'):
            self.assertEqual([record['id'] for record in getattr(traces, name)], ids if name == where else [], name)
        self.assertEqual(traces.unread, ids if where == 'unread' else [])

    def test_tellings(self):
        for mood, where in TELLINGS:
            with self.subTest(**mood):
                self.sandbox.reset()
                remote_id = self.execute()
                self.sandbox.weather(mood=mood)
                traces = self.find()
                told = str(int(remote_id, 16)) if mood.get('number_ids') else remote_id
                self.assert_found(traces, where, [told] if where else [])
                self.assertEqual(bool(traces.executed), where in ('proven', 'matching'))
                self.assertEqual(traces.is_open, where == 'unread')
                self.assertEqual(bool(traces.doubtful), where == 'partial')

    def test_whose_it_is_not(self):
        ours = self.execute()
        other = self.execute(callback={**SENT['callback'], 'data': {'reference': 'of somebody else'}})
        self.execute(casella_pec='another@pec.com')
        self.assert_found(self.find(), 'proven', [ours])
        self.assertEqual([record['id'] for record in self.find().others], [other], "not ours, but of our address")
        self.assert_found(self.find(strangers={ours}), None, [])

    def test_without_an_echo_all_must_agree(self):
        for changes in ({'ragione_sociale': "Altra S.r.l."}, {'cf': 'VRDNNA85C41F205T'}, {'qualifica': 'SOCIO'}):
            with self.subTest(**changes):
                self.sandbox.reset()
                remote_id = self.execute(callback=None, **changes)
                self.assert_found(self.find(), 'partial', [remote_id])

    def test_two_that_match(self):
        ids = [self.execute(callback=None), self.execute(callback=None)]
        traces = self.find()
        self.assertIsNone(traces.executed)
        self.assertEqual({record['id'] for record in traces.doubtful}, set(ids))

    def test_two_of_our_reference(self):
        """A gateway repeated the call: the first is ours, and the second is told."""
        self.sandbox.fault(CREATE, 'twice')
        first = self.execute()
        traces = self.find()
        self.assertIn(first, [record['id'] for record in traces.proven])
        self.assertEqual(len(traces.proven), 2)

    def test_one_that_cannot_be_read(self):
        """A record that agrees decides nothing while another one may be the proof."""
        self.execute(callback=None)
        self.execute()
        self.sandbox.fault(READ, 'error_before', status=500)
        traces = self.find()
        self.assertTrue(traces.is_open)
        self.assertIsNone(traces.executed)

    def test_more_than_are_read(self):
        self.sandbox.create_filings(4, **{**BODY, 'cf': 'VRDNNA85C41F205T'})
        traces = self.find(most=3)
        self.assertEqual((len(traces.partial), len(traces.unread)), (3, 1))

    def test_an_address_that_is_not_told(self):
        """A row that hides its address is read, and told by its echo."""
        remote_id = self.execute()
        row = {'id': remote_id, 'casella_pec': '', 'timestamp': None}
        traces = find_traces(
            Listing([row]), self.client.get_filing, SENT, since=self.since, strangers=(), keys=MATCH_KEYS)
        self.assert_found(traces, 'proven', [remote_id])

    # ------------------------------------------------------------ whether a list can be believed

    def test_a_list_that_can_be_believed(self):
        known = {self.execute()}
        self.assertEqual(doubts_about(self.client.list_filings(), known, self.client.get_filing), (set(), set()))
        self.assertEqual(doubts_about(Listing(), set(), self.client.get_filing), (set(), set()))

    def test_a_list_that_misses_what_exists(self):
        known = {self.execute(), self.execute(), self.execute()}
        self.sandbox.weather(mood={'list_cap': 2})
        self.assertEqual(
            doubts_about(self.client.list_filings(), known, self.client.get_filing), ({'incomplete'}, set()))

    def test_a_record_that_is_gone(self):
        gone, left = self.execute(), self.execute()
        self.sandbox.delete(gone)
        self.assertEqual(
            doubts_about(self.client.list_filings(), {gone, left}, self.client.get_filing), (set(), {gone}))
        self.sandbox.fault(READ, 'error_before', status=500)
        self.assertEqual(
            doubts_about(self.client.list_filings(), {gone, left}, self.client.get_filing), ({'missing'}, set()))

    def test_more_missing_than_are_read(self):
        gone = {f'{number:024x}' for number in range(6)}
        self.assertEqual(len(doubts_about(Listing(), gone, self.client.get_filing)[1]), 5)
        self.assertEqual(doubts_about(Listing(), gone, self.client.get_filing)[0], {'missing'})

    def test_rows_that_cannot_be_read(self):
        self.sandbox.fault(LIST, 'wrong_shape', body={
            'data': [{'id': None, 'casella_pec': 'mypec@pec.com'}, 'row'], 'success': True, 'message': '',
            'error': None})
        listing = self.client.list_filings()
        self.assertEqual((list(listing), listing.unreadable), ([], 2))
        self.assertEqual(doubts_about(listing, set(), self.client.get_filing), ({'unreadable'}, set()))

    def test_the_one_empty_answer(self):
        """Only the documented 404 is an empty list: another one is a route that is missing."""
        self.assertEqual((list(self.client.list_filings()), list(self.client.list_mailboxes())), ([], []))
        envelope = {'success': False, 'message': 'no Route matched with those values', 'error': None, 'data': None}
        for operation, read in ((LIST, self.client.list_filings), ('GET /pec', self.client.list_mailboxes)):
            for body in (envelope, {**envelope, 'error': 334}, {**envelope, 'error': 202}):
                with self.subTest(operation=operation, **body), self.assertRaises(OutcomeUnknown):
                    self.sandbox.fault(operation, 'error_before', status=404, body=body)
                    read()

    def test_owner(self):
        self.execute()
        self.assertEqual(self.client.list_filings().owners, {self.client.get_filing(self.execute())['owner']})

    # ------------------------------------------------------------ the answer of another call

    def test_answer_of_another_call(self):
        self.sandbox.fault(CREATE, 'other_answer')
        with self.assertRaises(OutcomeUnknown):
            self.execute()
        self.assertEqual(self.sandbox.executed(), 1)
        self.sandbox.weather(mood={'values': ['upper', 'entities'], 'echo': False})
        self.assertTrue(self.execute(), "spelt otherwise, it is ours all the same")

    def test_executed_after_the_connection_broke(self):
        self.sandbox.fault(CREATE, 'executed_late', seconds=600)
        with self.assertRaises(OutcomeUnknown):
            self.execute()
        self.assert_found(self.find(), None, [])
        self.sandbox.clear_faults()
        self.assertTrue(self.sandbox.wait_until_executed())
        self.assertTrue(self.find().executed)

    def test_a_missing_record(self):
        with self.assertRaises(NotFound):
            self.client.get_filing('f' * 24)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFold(BaseCase):

    def test_fold(self):
        for told, sent in [
            ('ROMA', 'roma'), ('Caff&egrave;', 'caffè'), ('Caffe', 'caffè'), (' a  b ', 'A B'),
            ('D&#039;Italia', "d'italia"), ('Rossi &amp;amp; Figli', 'ROSSI & FIGLI'),
            ('Legale rappresentante', 'LEGALE_RAPPRESENTANTE'), (None, ''), (False, ''), ('dell’Orto', "dell'orto"),
            (0, '0'),
        ]:
            with self.subTest(told=told):
                self.assertEqual(fold(told), fold(sent))
        self.assertNotEqual(fold('Rossi'), fold('Rossini'))
