import copy
from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    NotFound,
    NotSent,
    OpenapiPecError,
    OutcomeUnknown,
    Refused,
    Throttled,
)
from odoo.addons.l10n_it_openapi_pec.tools.outcome import changed as mailbox_truth
from odoo.addons.l10n_it_openapi_pec.tools.outcome.changed import (
    EXECUTED,
    UNCHANGED,
    UNCLEAR,
    add_years,
    judge,
    snapshot,
)

ID = '6040e4613a716838dc4eee0e'
USER = {
    'nome': 'luca', 'cognome': 'bianchi', 'descrizione': 'prima utenza', 'email_gestione_password': 'mail@domain.com'}


def make_user(number=0, **values):
    """One user, as the client returns it."""
    return {**USER, 'id_utenza': f'{ID}_{number}', 'userid': f'MA17799{number}', 'activated_at': 1614868138, **values}


RECORD = {
    'id': ID, 'casella_pec': 'yourpec@testcert.legalmail.it', 'stato': 'evasa', 'tipo_casella': 'BRONZE',
    'data_scadenza': date(2027, 3, 4), 'spazio_disco': 2048, 'spazio_storico': 3072, 'spazio_conservazione': 0,
    'conservazione': False, 'multiutenza': [make_user(description='the first one', nome='anna')],
    'times': {'registrazione': 1614865504, 'ultima_modifica': 1614868403},
}
# something was changed, and nobody knows what
TOUCHED = {'times': {'registrazione': 1614865504, 'ultima_modifica': 1614868999}}


def make_users(*users):
    return {'multiutenza': [*RECORD['multiutenza'], *users]}


CHANGES = [name for name, operation in const.mailbox.OPERATIONS.items() if operation.truth]
# Operation, what was asked for, what is different from RECORD before, and then again after the call; the verdict.
CASES = [
    ('mailbox_activate', {}, {'stato': 'registrata'}, {'stato': 'in_evasione'}, EXECUTED),
    ('mailbox_activate', {}, {'stato': 'registrata'}, {'stato': 'evasa'}, EXECUTED),  # the provider was fast
    ('mailbox_activate', {}, {'stato': 'registrata'}, {'stato': 'documenti_errati'}, EXECUTED),  # fast, and not content
    ('mailbox_activate', {}, {'stato': 'documenti_errati'}, {'stato': 'in_evasione'}, EXECUTED),
    ('mailbox_activate', {}, {'stato': 'registrata'}, {}, UNCHANGED),
    ('mailbox_activate', {}, {'stato': 'documenti_errati'}, {}, UNCHANGED),
    ('mailbox_activate', {}, {'stato': 'registrata'}, TOUCHED, UNCLEAR),
    # Delivered and refused anew, or touched otherwise: the state is the same.
    ('mailbox_activate', {}, {'stato': 'documenti_errati'}, TOUCHED, UNCLEAR),
    ('mailbox_activate', {}, {'stato': 'registrata'}, {'stato': 'registrazione_annullata'}, UNCLEAR),
    ('mailbox_activate', {}, {'stato': 'registrata'}, {'stato': 'who_knows'}, UNCLEAR),

    # What was not told before is no change; unless it is what the operation changes.
    ('mailbox_renew', {'years': 1}, {'tipo_casella': ''}, {'tipo_casella': 'BRONZE'}, UNCHANGED),
    (
        'mailbox_renew', {'years': 1}, {'tipo_casella': '', 'times': {}}, {**TOUCHED, 'tipo_casella': 'BRONZE'},
        UNCHANGED),
    ('mailbox_renew', {'years': 1}, {'tipo_casella': '', 'stato': ''},
     {'tipo_casella': 'BRONZE', 'stato': 'evasa', 'data_scadenza': date(2028, 3, 4)}, EXECUTED),
    (
        'mailbox_renew', {'years': 1}, {'tipo_casella': ''},
        {'tipo_casella': 'BRONZE', 'data_scadenza': date(2028, 3, 4)}, EXECUTED),
    ('mailbox_renew', {'years': 1}, {'data_scadenza': None}, {'data_scadenza': date(2028, 3, 4)}, UNCLEAR),
    ('mailbox_transform', {'mailbox_type': 'SILVER'}, {'tipo_casella': ''}, {'tipo_casella': 'BRONZE'}, UNCLEAR),

    ('mailbox_modify', {'spaces': {'spazio_disco': 3072}}, {}, {'spazio_disco': 3072}, EXECUTED),
    ('mailbox_modify', {'spaces': {'spazio_disco': 3072}}, {}, {'spazio_disco': 3072, **TOUCHED}, EXECUTED),
    ('mailbox_modify', {'spaces': {'spazio_disco': 3072, 'spazio_storico': 4096}}, {},
     {'spazio_disco': 3072, 'spazio_storico': 4096}, EXECUTED),
    ('mailbox_modify', {'spaces': {'spazio_disco': 3072}}, {}, {}, UNCHANGED),
    ('mailbox_modify', {'spaces': {'spazio_disco': 3072, 'spazio_storico': 4096}}, {}, {'spazio_disco': 3072}, UNCLEAR),
    ('mailbox_modify', {'spaces': {'spazio_disco': 3072}}, {}, {'spazio_disco': 4096}, UNCLEAR),
    ('mailbox_modify', {'spaces': {'spazio_disco': 3072}}, {}, {'spazio_disco': 0}, UNCLEAR),
    ('mailbox_modify', {'spaces': {'spazio_disco': 3072}}, {}, {'spazio_storico': 4096}, UNCLEAR),
    ('mailbox_modify', {'spaces': {'spazio_conservazione': 1024}}, {'conservazione': True, 'spazio_conservazione': 512},
     {'spazio_conservazione': 1024}, EXECUTED),
    ('mailbox_modify', {'spaces': {'spazio_disco': 3072}}, {}, TOUCHED, UNCLEAR),

    ('mailbox_transform', {'mailbox_type': 'GOLD'}, {}, {'tipo_casella': 'GOLD'}, EXECUTED),
    ('mailbox_transform', {'mailbox_type': 'GOLD'}, {}, {'tipo_casella': 'GOLD', 'spazio_storico': 13312}, EXECUTED),
    ('mailbox_transform', {'mailbox_type': 'GOLD'}, {}, {}, UNCHANGED),
    ('mailbox_transform', {'mailbox_type': 'GOLD'}, {}, {'tipo_casella': 'SILVER'}, UNCLEAR),
    ('mailbox_transform', {'mailbox_type': 'GOLD'}, {}, {'spazio_storico': 13312}, UNCLEAR),
    ('mailbox_transform', {'mailbox_type': 'GOLD'}, {}, TOUCHED, UNCLEAR),

    ('mailbox_store', {'space': 512}, {}, {'conservazione': True, 'spazio_conservazione': 512}, EXECUTED),
    ('mailbox_store', {'space': 512}, {}, {}, UNCHANGED),
    ('mailbox_store', {'space': 512}, {}, TOUCHED, UNCLEAR),
    # no boolean, so nothing is known to have changed
    ('mailbox_store', {'space': 512}, {}, {'conservazione': 'true'}, UNCHANGED),

    ('mailbox_user', {'user': USER}, {}, make_users(make_user(1)), EXECUTED),
    ('mailbox_user', {'user': USER}, {}, make_users(make_user(1, nome=' Luca', cognome='BIANCHI ')), EXECUTED),
    (
        'mailbox_user', {'user': {**USER, 'nome': 'Luca', 'descrizione': 'prima  utenza'}}, {},
        make_users(make_user(1)), EXECUTED),
    ('mailbox_user', {'user': USER}, {}, make_users(make_user(1, nome='anna'), make_user(2)), EXECUTED),
    ('mailbox_user', {'user': USER}, {}, {}, UNCHANGED),
    ('mailbox_user', {'user': USER}, {}, make_users(make_user(1, nome='anna')), UNCLEAR),
    ('mailbox_user', {'user': USER}, {}, make_users(make_user(1, email_gestione_password='other@domain.com')), UNCLEAR),
    ('mailbox_user', {'user': USER}, {}, {'multiutenza': []}, UNCLEAR),
    ('mailbox_user', {'user': USER}, {}, TOUCHED, UNCLEAR),
    # The same person is there from before: only a further one is ours.
    ('mailbox_user', {'user': USER}, make_users(make_user(1)), {}, UNCHANGED),
    ('mailbox_user', {'user': USER}, make_users(make_user(1)), TOUCHED, UNCLEAR),
    ('mailbox_user', {'user': USER}, make_users(make_user(1)), make_users(make_user(1), make_user(2)), EXECUTED),

    ('mailbox_renew', {'years': 2}, {}, {'data_scadenza': date(2029, 3, 4)}, EXECUTED),
    ('mailbox_renew', {'years': 2}, {}, {}, UNCHANGED),
    ('mailbox_renew', {'years': 2}, {}, {'data_scadenza': date(2028, 3, 4)}, UNCLEAR),  # somebody else's, by one year
    ('mailbox_renew', {'years': 2}, {}, {'data_scadenza': date(2031, 3, 4)}, UNCLEAR),  # somebody else's as well
    ('mailbox_renew', {'years': 2}, {}, {'data_scadenza': date(2029, 3, 3)}, EXECUTED),
    ('mailbox_renew', {'years': 2}, {}, {'data_scadenza': date(2029, 3, 6)}, UNCLEAR),
    ('mailbox_renew', {'years': 2}, {}, {'data_scadenza': None}, UNCLEAR),
    ('mailbox_renew', {'years': 2}, {'data_scadenza': None}, {'data_scadenza': date(2029, 3, 4)}, UNCLEAR),
    ('mailbox_renew', {'years': 2}, {'data_scadenza': None}, {}, UNCHANGED),
    ('mailbox_renew', {'years': 2}, {}, TOUCHED, UNCLEAR),
    # 29 February, whichever day the service makes of it.
    (
        'mailbox_renew', {'years': 1}, {'data_scadenza': date(2028, 2, 29)}, {'data_scadenza': date(2029, 2, 28)},
        EXECUTED),
    (
        'mailbox_renew', {'years': 1}, {'data_scadenza': date(2028, 2, 29)}, {'data_scadenza': date(2029, 3, 1)},
        EXECUTED),
    (
        'mailbox_renew', {'years': 4}, {'data_scadenza': date(2028, 2, 29)}, {'data_scadenza': date(2032, 2, 29)},
        EXECUTED),
    ('mailbox_renew', {'years': 1}, {'data_scadenza': date(2028, 2, 29)}, {'data_scadenza': date(2029, 3, 3)}, UNCLEAR),
    # Nothing follows the last year, and nothing breaks.
    ('mailbox_renew', {'years': 1}, {'data_scadenza': date(9999, 12, 31)}, TOUCHED, UNCLEAR),
    (
        'mailbox_renew', {'years': 5}, {'data_scadenza': date(9996, 2, 29)}, {'data_scadenza': date(9999, 2, 28)},
        EXECUTED),
    # Revoked, and brought back: from which day on, is documented nowhere.
    ('mailbox_renew', {'years': 1}, {'stato': 'revocata'}, {'stato': 'evasa'}, EXECUTED),
    (
        'mailbox_renew', {'years': 1}, {'stato': 'revocata'}, {'stato': 'evasa', 'data_scadenza': date(2027, 11, 24)},
        EXECUTED),
    ('mailbox_renew', {'years': 1}, {'stato': 'revocata'}, {}, UNCHANGED),
    ('mailbox_renew', {'years': 1}, {'stato': 'revocata'}, {'stato': 'chiusa'}, UNCLEAR),
    ('mailbox_renew', {'years': 1}, {'stato': 'revocata'}, TOUCHED, UNCLEAR),
    # Renewed, and then revoked by somebody; or only revoked.
    ('mailbox_renew', {'years': 1}, {}, {'stato': 'revocata', 'data_scadenza': date(2028, 3, 4)}, UNCLEAR),
    ('mailbox_renew', {'years': 1}, {}, {'stato': 'revocata'}, UNCLEAR),

    ('mailbox_revoke', {}, {}, {'stato': 'revocata'}, EXECUTED),
    ('mailbox_revoke', {}, {}, {'stato': 'chiusa'}, EXECUTED),
    ('mailbox_revoke', {}, {}, {}, UNCHANGED),
    ('mailbox_revoke', {}, {}, {'data_scadenza': date(2028, 3, 4)}, UNCLEAR),
    ('mailbox_revoke', {}, {}, TOUCHED, UNCLEAR),
]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxTruth(BaseCase):
    """What a mailbox before and after tells of a call whose answer was lost."""

    def test_judge(self):
        for operation, request, before, after, verdict in CASES:
            with self.subTest(operation=operation, request=request, before=before, after=after):
                before, truth = {**RECORD, **before}, const.mailbox.OPERATIONS[operation].truth
                self.assertEqual(judge(truth, snapshot(before), request, {**before, **after}), verdict)

    def test_the_table_is_complete(self):
        """Each operation is seen to be executed, not executed, and unclear."""
        for operation in CHANGES:
            with self.subTest(operation=operation):
                self.assertEqual({case[-1] for case in CASES if case[0] == operation}, {EXECUTED, UNCHANGED, UNCLEAR})

    def test_what_nobody_asked_for_is_no_change(self):
        """Names, callbacks and owners change no verdict; the order of the users neither."""
        before = {**RECORD, **make_users(make_user(1), make_user(2))}
        after = {
            **before, 'multiutenza': before['multiutenza'][::-1], 'owner': 'other', 'callback': {'url': 'x'},
            'descrizione': 'x'}
        for operation, request, *_case in CASES:
            truth = const.mailbox.OPERATIONS[operation].truth
            self.assertEqual(judge(truth, snapshot(before), request, after), UNCHANGED)

    def test_snapshot(self):
        record = copy.deepcopy(RECORD)
        self.assertEqual(snapshot(record), {
            'stato': 'evasa', 'tipo_casella': 'BRONZE', 'data_scadenza': '2027-03-04', 'spazio_disco': 2048,
            'spazio_storico': 3072, 'spazio_conservazione': 0, 'conservazione': False, 'utenze': [f'{ID}_0'],
            'ultima_modifica': 1614868403})
        self.assertEqual(record, RECORD, "nothing of the record is changed")
        record.pop('conservazione')
        self.assertEqual((snapshot({**record, 'data_scadenza': None, 'times': {}})), {
            **snapshot(RECORD), 'data_scadenza': None, 'ultima_modifica': None})

    def test_add_years(self):
        for day, years, expected in [
            (date(2026, 11, 24), 1, date(2027, 11, 24)), (date(2028, 2, 29), 1, date(2029, 2, 28)),
            (date(2028, 2, 29), 4, date(2032, 2, 29)), (date(2096, 2, 29), 4, date(2100, 2, 28)),
            (date(9998, 1, 1), 1, date(9999, 1, 1)), (date(9999, 12, 31), 5, date(9999, 12, 31)),
        ]:
            with self.subTest(day=day, years=years):
                self.assertEqual(add_years(day, years), expected)

    # ------------------------------------------------------------ right before the call

    def call(self, read, before=None, check=lambda: None):
        """Return whether the call was made, and what came of it."""
        made = []
        try:
            mailbox_truth.call_unless_changed(read, before or snapshot(RECORD), lambda: made.append('called'), check)
        except OpenapiPecError as error:
            return made, error
        return made, None

    def test_called_when_nothing_changed(self):
        self.assertEqual(self.call(lambda: copy.deepcopy(RECORD)), (['called'], None))

    def test_not_called_when_changed(self):
        for change in [
            TOUCHED, {'stato': 'revocata'}, {'tipo_casella': 'GOLD'}, {'data_scadenza': date(2028, 3, 4)},
            {'spazio_disco': 3072}, {'spazio_storico': 0}, {'spazio_conservazione': 512}, {'conservazione': True},
            {'multiutenza': []},
        ]:
            with self.subTest(**change):
                made, error = self.call(lambda change=change: {**RECORD, **change})
                self.assertEqual((made, type(error), error.code, error.status), ([], Refused, 'changed', 409))

    def test_not_called_too_late(self):
        """What was read may take long: the time that is left is looked at after it."""
        def check():
            raise NotSent("too late")

        made, error = self.call(lambda: copy.deepcopy(RECORD), check=check)
        self.assertEqual((made, type(error)), ([], NotSent))

    def test_not_called_when_it_cannot_be_read(self):
        """Whatever keeps the mailbox from being read, nothing was sent that costs."""
        def failing(error):
            def read():
                raise error
            return read

        for error, becomes in [
            (OutcomeUnknown("cut", status=502), NotSent), (NotSent("no name"), NotSent),
            (NotFound("gone", status=404), NotFound), (BadToken("wrong", status=401), BadToken),
            (Throttled("slower", status=429), Throttled),
        ]:
            with self.subTest(error=error):
                made, raised = self.call(failing(error))
                self.assertEqual((made, type(raised), raised.status), ([], becomes, error.status))
