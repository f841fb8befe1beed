import itertools

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.obligation.facts import Holder, Mailbox, Pec
from odoo.addons.l10n_it_openapi_pec.tools.obligation.sharing import MOST_TOLD

from ..common_obligation import PROVED, company, day, judge, office, proved

SHARED = 'contesa@legalmail.it'
FORMER, LATTER = day('1/2/2026'), day('1/6/2026')
TYPED = Pec(SHARED)  # it is written here, and nothing is known of the register
# How a company, or somebody in an office, may have the shared address: not at all, only here, in the register since.
OF_COMPANY = (None, TYPED, *(proved(SHARED, since=since) for since in (None, FORMER, LATTER)))
OF_PERSON = (None, TYPED, proved(SHARED))
FINE = {True: ('in_order', ''), False: ('to_confirm', 'not_proved')}


class Counted(str):
    """A key that counts how often it is compared."""
    comparisons = 0
    __hash__ = str.__hash__

    def __eq__(self, other):
        Counted.comparisons += 1
        return str.__eq__(self, other)

    def __ne__(self, other):
        return not self == other


def gives_way(mine, other):
    """Return why one who has the address has to give way to another one, '' when he has not to: pair by pair.

    Both are (kind, company, person, whether it stands in the register, since when). The rules are INT.P 1 and 2 (MIMIT,
    decree of 4/12/2025), the directive of MISE and Giustizia of 2015 for companies that both stand there, and
    Unioncamere and Notariato, Orientamento 3/2025, for people. Who only wants to be there gives way to who is there.
    """
    kind, key, person, stands, since = mine
    of_kind, of_key, of_person, there, there_since = other
    if kind == of_kind == 'company':
        is_last = stands and there and since and there_since and there_since < since
        return '' if key == of_key or is_last or (stands and not there) else 'pec_of_company'
    if kind == 'company':
        return 'pec_of_person' if there and not stands else ''
    if stands and not there:
        return ''
    if of_kind == 'company':
        if key == of_key:
            return 'pec_of_own_company'
        return 'pec_of_own_trade' if person == of_person else 'pec_of_company'
    return 'shared_by_people' if person != of_person else ''


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestObligationSharing(BaseCase):
    """Who has the same address, and who has to give way."""

    def judge_all(self, alfa, beta, ditta, mario, bruno, mario_elsewhere):
        """Return ``{(company, kind): (state, reason)}`` of four companies, given who has the shared address how.

        Mario runs Alfa and Gamma and has an enterprise of his own, Bruno runs Beta.
        """
        own = {'alfa': alfa, 'beta': beta, 'gamma': None, 'ditta': ditta}
        companies = [company(
            'DI' if key == 'ditta' else 'SR', pec or proved(f'{key}@pec.it'), key=key,
            owner='mario' if key == 'ditta' else '') for key, pec in own.items()]
        held = {('alfa', 'mario'): mario, ('beta', 'bruno'): bruno, ('gamma', 'mario'): mario_elsewhere}
        offices = [
            office(person=person, company=key, key=f'{person} {key}', pec=pec or proved(f'{person}.{key}@pec.it'))
            for (key, person), pec in held.items()]
        lines = {(line.company, line.kind): line[2:4] for line in judge(companies, offices)}
        owners = {'ditta': 'mario'}
        stands = {person: any(
            pec and pec.proved_on for (_key, other), pec in held.items() if other == person)
            for person in ('mario', 'bruno')}
        holders = [
            *(('company', key, owners.get(key, ''), bool(pec.proved_on), pec.since)
              for key, pec in own.items() if pec),
            *(('administrator', key, person, stands[person], None) for (key, person), pec in held.items() if pec)]
        return lines, holders, {
            **{(key, 'company'): pec for key, pec in own.items()},
            **{(key, 'administrator'): pec for (key, _person), pec in held.items()}}

    def test_every_combination(self):
        order = ('pec_of_own_company', 'pec_of_own_trade', 'pec_of_company', 'pec_of_person', 'shared_by_people', '')
        wrong, count = [], 0
        for case in itertools.product(OF_COMPANY, OF_COMPANY, OF_COMPANY, OF_PERSON, OF_PERSON, OF_PERSON):
            lines, holders, pecs = self.judge_all(*case)
            for holder in holders:
                reasons = {gives_way(holder, other) for other in holders if other is not holder}
                reason = min(reasons, key=order.index, default='')
                kind, key = holder[:2]
                expected = ('duplicate', reason) if reason else FINE[bool(pecs[key, kind].proved_on)]
                count += 1
                if lines[key, kind] != expected:
                    wrong.append((case, holder, expected, lines[key, kind]))
        self.assertEqual(wrong[:3], [])
        self.assertGreater(count, 10000)

    def test_examples(self):
        """The rules one by one, as the chambers explain them."""
        in_register = proved(SHARED)
        for case, expected in [
                # 1. the administrator has the company's, or another company's
                ((in_register, None, None, in_register, None, None), {'alfa administrator': 'pec_of_own_company'}),
                ((in_register, None, None, None, in_register, None), {'beta administrator': 'pec_of_company'}),
                # 2. a company files what is an office holder's already
                ((TYPED, None, None, in_register, None, None), {'alfa company': 'pec_of_person'}),
                # 3. one person, several companies
                ((None, None, None, in_register, None, in_register), {}),
                # 4. an enterprise of his own, and an office elsewhere
                ((None, None, in_register, in_register, None, in_register),
                 {'alfa administrator': 'pec_of_own_trade', 'gamma administrator': 'pec_of_own_trade'}),
                # 5. two companies in the register: all but the last, or both when nobody knows which that is
                ((proved(SHARED, since=FORMER), proved(SHARED, since=LATTER), None, None, None, None),
                 {'alfa company': 'pec_of_company'}),
                ((proved(SHARED, since=LATTER), proved(SHARED, since=LATTER), None, None, None, None),
                 {'alfa company': 'pec_of_company', 'beta company': 'pec_of_company'}),
                ((in_register, proved(SHARED, since=LATTER), None, None, None, None),
                 {'alfa company': 'pec_of_company', 'beta company': 'pec_of_company'}),
                # 6. two people
                ((None, None, None, in_register, in_register, None),
                 {'alfa administrator': 'shared_by_people', 'beta administrator': 'shared_by_people'}),
        ]:
            lines, _holders, _pecs = self.judge_all(*case)
            with self.subTest(case=case):
                found = {' '.join(key): reason for key, (state, reason) in lines.items() if state == 'duplicate'}
                self.assertEqual(found, expected)

    def test_others_are_told(self):
        """With whom: at most some of them, and never the one itself."""
        names = [f'c{number:03}' for number in range(40)]
        lines = judge([company(pec=TYPED, key=name) for name in names])[::2]
        for line in lines:
            told = [holder.company for holder in line.others]
            self.assertEqual(told, [name for name in names if name != line.company][:MOST_TOLD])
            self.assertEqual((line.address, line.step), (SHARED, 'get_pec'))
        own = company('DI', TYPED, key='mario', owner='mario')  # whose key is the person's
        trade, line = judge(
            [own, company()], [office(pec=proved(SHARED))])[::3]
        self.assertEqual([holder.kind for holder in trade.others], ['administrator'])
        self.assertEqual((line.state, line.others), ('in_order', ()))

    def test_who_is_not_followed(self):
        """Others who have the address count as well, though there is no line about them."""
        pec = proved(SHARED, since=FORMER)
        for holder, state in [
                (Holder('company', 'gamma'), 'in_order'), (Holder('company', 'gamma', '', True), 'duplicate'),
                (Holder('company', 'gamma', '', True, LATTER), 'duplicate'),
                (Holder('company', 'gamma', '', True, day('1/1/2025')), 'in_order'),
                (Holder('company', 'alfa', '', True, FORMER), 'in_order'),  # the one itself
                (Holder('administrator', 'gamma', 'bruno', True), 'in_order')]:
            with self.subTest(holder=holder):
                own, _line = judge([company(pec=pec)], holders=[(SHARED, holder), ('altra@pec.it', holder)])
                self.assertEqual(own.state, state)

    def test_enterprise_that_has_ceased(self):
        """Whose owner goes on with its PEC in a company of his."""
        trade = company('DI', proved(SHARED), key='mario', owner='mario', state='ceased')
        self.assertEqual(judge([trade, company(pec=TYPED)])[2].reason, 'not_proved')
        self.assertEqual(judge([trade._replace(state='active'), company(pec=TYPED)])[2].reason, 'pec_of_company')

    def test_office_that_has_ended(self):
        """Who has left has no address for that office any more."""
        ended = office(person='bruno', pec=proved(SHARED), ended_on=PROVED)
        lines = judge([company(pec=TYPED)], [ended])
        self.assertEqual(lines[0][2:4], ('to_confirm', 'not_proved'))
        leaving = ended._replace(ended_on=day('1/3/2027'))
        before, after = (
            judge([company(pec=TYPED)], [leaving], today=day(today))[0] for today in ('28/2/2027', '1/3/2027'))
        self.assertEqual((before.reason, before.again_on), ('pec_of_person', day('1/3/2027')))
        self.assertEqual(after.reason, 'not_proved')

    def test_what_counts_more(self):
        """An address that can be nobody's PEC, or whose mailbox has ended, is no question of who has it."""
        companies = [company(pec=TYPED._replace(verdict='address_consumer'), key=key) for key in ('alfa', 'beta')]
        self.assertEqual({line.state for line in judge(companies)[::2]}, {'not_pec'})
        companies = [company(pec=proved(SHARED), key=key) for key in ('alfa', 'beta')]
        lines = judge(companies, mailboxes=[Mailbox(SHARED, 'mailbox_revoked')])[::2]
        self.assertEqual({line[2:4] for line in lines}, {('not_pec', 'mailbox_revoked')})

    def test_as_many_as_you_like(self):
        """Nobody is compared with each of those who have the same address."""
        for pec in (TYPED, proved(SHARED), proved(SHARED, since=FORMER)):
            keys = [Counted(number) for number in range(2000)]
            companies = [company(pec=pec, key=key) for key in keys]
            offices = [office(company=key, key=key, person=key, pec=pec) for key in keys]
            Counted.comparisons = 0
            judge(companies, offices)
            self.assertLess(Counted.comparisons, 30 * len(keys))
