from datetime import timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.obligation import rules
from odoo.addons.l10n_it_openapi_pec.tools.obligation.facts import Mailbox, Notice, Pec

from ..common_obligation import AHEAD, PROVED, company, day, judge_one, office, proved

NOTHING = Pec()
EVE, SAME, NEXT = timedelta(-1), timedelta(0), timedelta(1)
AROUND = (EVE, SAME, NEXT)  # the day before, the day, the day after

# Since when an administrator is in office -> by when the PEC is due. DL 159/2025 art. 13 c. 3-4, in force since
# 31/10/2025: registered firms by 31/12/2025, and always at conferment or renewal.
CONFERMENTS = {
    '6/5/2021': '31/12/2025', '29/10/2025': '31/12/2025', '30/10/2025': '31/12/2025', '31/10/2025': '31/10/2025',
    '1/11/2025': '1/11/2025', '30/12/2025': '30/12/2025', '31/12/2025': '31/12/2025', '1/1/2026': '1/1/2026',
    '4/5/2026': '4/5/2026', '28/2/2028': '28/2/2028',
}
# When a company was registered -> by when its own PEC was due. DL 76/2020 art. 37, in force since 17/7/2020.
REGISTRATIONS = {
    '1/3/2010': '1/10/2020', '16/7/2020': '1/10/2020', '17/7/2020': '17/7/2020', '5/9/2026': '5/9/2026',
}
# Chamber -> days from its notice. DL 185/2008 art. 16 c. 6-ter; Bergamo; Cagliari-Oristano (12/2 to 28/3/2024).
NOTICE_DAYS = {'': 30, 'MI': 30, 'BG': 30, 'CA': 45, 'OR': 45}
RENEWED = day('4/5/2026')  # the first day of a new term


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestObligationTerms(BaseCase):
    """By when, around each term, and what it may cost."""

    def assert_line(self, line, *expected):
        """Check state, reason, term, and whether that is over."""
        self.assertEqual((line.state, line.reason, line.due, line.is_late), expected)

    def test_conferment(self):
        for since, due in CONFERMENTS.items():
            since, due = day(since), day(due)
            for around in AROUND:
                today = max(due + around, day('31/10/2025'))
                with self.subTest(since=since, today=today):
                    _own, line = judge_one(company(), office(pec=NOTHING, since=since), today=today)
                    self.assert_line(line, 'missing', 'no_pec', due, today > due)

    def test_registration_stands_for_the_conferment(self):
        """The service tells when an office was registered; who types the conferment knows better."""
        for since, registered_on, due in [
                (None, '30/10/2025', '31/12/2025'), (None, '4/5/2026', '4/5/2026'),
                ('20/4/2026', '4/5/2026', '20/4/2026'), (None, None, None)]:
            values = {'since': since and day(since), 'registered_on': registered_on and day(registered_on)}
            _own, line = judge_one(company(), office(pec=NOTHING, **values))
            self.assertEqual((line.state, line.due), ('missing', due and day(due)))

    def test_before_the_law(self):
        """What the rules were on a day on which no row is in force nobody is told."""
        offices = [office(pec=NOTHING)]
        self.assertEqual(
            judge_one(company(), *offices, today=day('30/10/2025'))[1][2:4], ('to_decide', 'form_unsaid'))
        self.assertEqual(judge_one(company(), *offices, today=day('31/10/2025'))[1].state, 'missing')
        self.assertEqual(
            rules.in_force(rules.read_shipped(), day('30/10/2025')).changes_on, day('31/10/2025'))

    def test_nomination_to_come(self):
        """Nobody is in office yet: from the day on which it is known."""
        for before, is_late in [(90, False), (1, False), (0, False), (-1, True)]:
            today = RENEWED - timedelta(before)
            _own, line = judge_one(company(), office(pec=NOTHING, since=RENEWED), today=today)
            self.assert_line(line, 'missing', 'no_pec', RENEWED, is_late)

    def test_successor(self):
        """Another administrator follows: told ahead of time, when the one in office has done all."""
        old = office(person='anna', pec=proved('anna@pec.it'), until=RENEWED + EVE)
        new = office(person='bruno', pec=NOTHING, since=RENEWED)
        for before, expected in [
                (AHEAD.office + 2, ('in_order', '', None, False)),
                (AHEAD.office + 1, ('office_ending', '', RENEWED + EVE, False)),  # the last day but 60
                *((days, ('missing', 'no_pec', RENEWED, False)) for days in (AHEAD.office, 1, 0)),
                (-1, ('missing', 'no_pec', RENEWED, True))]:
            with self.subTest(before=before):
                today = RENEWED - timedelta(before)
                self.assert_line(judge_one(company(), old, new, today=today)[1], *expected)
        done = new._replace(pec=proved('bruno@pec.it', RENEWED + EVE))
        self.assertEqual(judge_one(company(), old, done, today=RENEWED + EVE)[1].reason, 'term_renewed')
        wrong = old._replace(pec=NOTHING)  # who is in office comes first, while that is not in order
        self.assertEqual(judge_one(company(), wrong, new, today=RENEWED + EVE)[1].person, 'anna')

    def test_renewal(self):
        """At the renewal of an office its PEC is communicated again: what stood there before proves nothing."""
        old = office(until=RENEWED + EVE)
        for proved_on, is_proved in [(PROVED, False), (RENEWED + EVE, False), (RENEWED, True), (RENEWED + NEXT, True)]:
            new = office(key='renewed', since=RENEWED, pec=proved('mario@pec.it', proved_on))
            for around in AROUND:
                today = max(RENEWED + around, proved_on)
                with self.subTest(proved_on=proved_on, today=today):
                    _own, line = judge_one(company(), old, new, today=today)
                    if is_proved:
                        self.assert_line(line, 'in_order', '', None, False)
                    else:
                        self.assert_line(line, 'to_confirm', 'term_renewed', RENEWED, today > RENEWED)
                        step = 'wait' if today < RENEWED else 'file'  # what is communicated before proves nothing
                        self.assertEqual((line.office, line.step, line.fine), ('renewed', step, None))
        for until in (None, RENEWED + EVE):  # whether or not somebody has written when the former term ended
            _own, line = judge_one(company(), old._replace(until=until), new._replace(pec=NOTHING))
            self.assertEqual((line.office, line.state), ('renewed', 'missing'))

    def test_renewal_that_was_filed(self):
        """What was filed since the term began waits for its outcome, and is not asked for again."""
        old = office(until=RENEWED + EVE)
        for filed_on, reason in [(RENEWED + EVE, 'term_renewed'), (RENEWED, 'outcome_missing')]:
            pec = proved('mario@pec.it', PROVED)._replace(filed_on=filed_on)
            _own, line = judge_one(company(), old, office(key='renewed', since=RENEWED, pec=pec), today=RENEWED + NEXT)
            self.assertEqual((line.state, line.reason), ('to_confirm', reason))
        self.assertEqual((line.step, line.is_late), ('record_outcome', False))

    def test_in_office_since_before_the_law(self):
        """No renewal since: whenever the PEC was communicated, it was for this term."""
        for proved_on in ('2/1/2024', '30/10/2025', '20/2/2026'):
            _own, line = judge_one(company(), office(pec=proved('mario@pec.it', day(proved_on))))
            self.assertEqual(line.state, 'in_order')

    def test_office_ending(self):
        until = day('30/4/2027')
        for before, expected in [
                (AHEAD.office + 1, ('in_order', '', None, False)), (AHEAD.office, ('office_ending', '', until, False)),
                (1, ('office_ending', '', until, False)), (0, ('office_ending', '', until, False)),
                (-1, ('office_ending', 'term_over', until, True)), (-99, ('office_ending', 'term_over', until, True))]:
            with self.subTest(before=before):
                _own, line = judge_one(company(), office(until=until), today=until - timedelta(before))
                self.assert_line(line, *expected)
                self.assertEqual(line.step, 'renew_office' if line.state == 'office_ending' else '')

    def test_who_goes_on(self):
        """Whose term is over goes on until somebody follows, or it has ended."""
        until = day('30/4/2027')
        old = office(person='anna', pec=NOTHING, until=until)
        board = office('PCA', person='bruno', since=until + NEXT, pec=proved('bruno@pec.it', until + NEXT))
        self.assertEqual(judge_one(company(), old, today=until + NEXT)[1].person, 'anna')
        self.assertEqual(judge_one(company(), old, board, today=until)[1].person, 'anna')
        self.assertEqual(judge_one(company(), old, board, today=until + NEXT)[1].person, 'bruno')
        for around, state in [(EVE, 'missing'), (SAME, 'to_decide'), (NEXT, 'to_decide')]:
            ended = old._replace(until=None, ended_on=until)
            line = judge_one(company(), ended, today=until + around)[1]
            self.assertEqual(line.state, state)
            self.assertEqual(line.again_on, until if around == EVE else None)

    def test_registration(self):
        for form, fine in (('SR', (206, 2064, 412)), ('SN', (206, 2064, 412)), ('DI', (30, 1548, 60))):
            for registered_on, due in REGISTRATIONS.items():
                registered_on, due = day(registered_on), day(due)
                for around in AROUND:
                    today = max(due + around, day('17/7/2020'))
                    with self.subTest(form=form, registered_on=registered_on, today=today):
                        own, _line = judge_one(company(form, NOTHING, registered_on=registered_on), today=today)
                        self.assert_line(own, 'missing', 'no_pec', due, today > due)
                        self.assertEqual(own.fine[1:5], (*fine, 60))
        own, _line = judge_one(company('SR', NOTHING, registered_on=None))
        self.assert_line(own, 'missing', 'no_pec', None, False)

    def test_notice(self):
        published_on = day('12/2/2026')
        for chamber, days in NOTICE_DAYS.items():
            due = published_on + timedelta(days)
            for around in AROUND:
                with self.subTest(chamber=chamber, around=around):
                    own, _line = judge_one(
                        company(), today=due + around, notices=[Notice('alfa', published_on, chamber)])
                    is_late = around == NEXT
                    self.assert_line(own, 'irregular', 'notice_over' if is_late else 'notice', due, is_late)
                    self.assertEqual((own.fine.least, own.step), (206, 'get_pec'))
        other = company(pec=Pec('altra@legalmail.it'))  # which is to be communicated
        self.assertEqual(judge_one(other, notices=[Notice('alfa', published_on)])[0].step, 'file')
        named = judge_one(company(), notices=[Notice('alfa', published_on, 'CA', day('28/3/2026'))])[0]
        self.assertEqual(named.due, day('28/3/2026'))
        both = judge_one(company(), notices=[Notice('alfa', published_on, 'CA'), Notice('alfa', published_on, 'BG')])
        self.assertEqual(both[0].due, published_on + timedelta(30))

    def test_notice_answered(self):
        """What has come into the register, or was filed or accepted, later than the notice answers it.

        A look does not, nor a person who says that it stands there.
        """
        published_on = day('12/2/2026')
        for around, is_answered in ((EVE, False), (SAME, False), (NEXT, True)):
            later = published_on + around
            for pec, state in (
                    (proved(since=later), 'in_order'), (proved(proved_on=later, accepted_on=later), 'in_order'),
                    (Pec('alfa@legalmail.it', filed_on=later), 'to_confirm')):
                own, _line = judge_one(company(pec=pec), notices=[Notice('alfa', published_on)])
                self.assertEqual(own.state, state if is_answered else 'irregular')
        for pec in (proved(seen_on=day('1/3/2026'), seen='alfa@legalmail.it'), proved(proved_on=day('1/3/2026'))):
            own, _line = judge_one(company(pec=pec), notices=[Notice('alfa', published_on)])
            self.assertEqual(own.state, 'irregular')

    def test_notice_against_the_rule(self):
        """The chamber asks somebody of whom the rule says nothing, or something else: the notice counts."""
        for form in ('CO', 'AC', ''):
            own, _line = judge_one(company(form), notices=[Notice('alfa', day('12/2/2026'))])
            self.assertEqual(own.state, 'irregular')

    def test_mailbox(self):
        """The company's, and the administrator's."""
        expires_on = day('20/3/2027')
        for address, place in (('alfa@legalmail.it', 0), ('mario@pec.it', 1)):
            for before, expected in [
                    (AHEAD.mailbox + 1, ('in_order', '', None, False)),
                    (AHEAD.mailbox, ('mailbox_expiring', '', expires_on, False)),
                    (1, ('mailbox_expiring', '', expires_on, False)), (0, ('mailbox_expiring', '', expires_on, False))]:
                with self.subTest(address=address, before=before):
                    line = judge_one(
                        company(), office(), today=expires_on - timedelta(before),
                        mailboxes=[Mailbox(address, '', expires_on)])[place]
                    self.assert_line(line, *expected)
                    self.assertEqual(line.step, 'renew_mailbox' if line.state == 'mailbox_expiring' else '')
            line = judge_one(
                company(), office(), today=expires_on + NEXT, mailboxes=[Mailbox(address, '', expires_on)])[place]
            self.assertEqual((line.state, line.reason, line.step), ('not_pec', 'mailbox_expired', 'get_pec'))
