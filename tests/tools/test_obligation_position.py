import itertools
import random
from datetime import timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.obligation import position
from odoo.addons.l10n_it_openapi_pec.tools.obligation.facts import Filing, Holder, Mailbox, Notice, Pec
from odoo.addons.l10n_it_openapi_pec.tools.obligation.sharing import is_proved

from ..common_obligation import TODAY, company, day, judge, judge_one, office, proved

ADDRESS, OTHER = 'alfa@legalmail.it', 'altra@legalmail.it'
FIRST, SECOND = day('10/6/2026'), day('20/6/2026')
# Five working days after the first, a Wednesday, and the first one on which a look counts. DPR 581/1995 art. 11 c. 8.
ANSWERED, AGAIN = day('17/6/2026'), day('18/6/2026')

# What is known of a PEC and the register -> state, reason, next step for a company and for an administrator.
STANDINGS = [
    (Pec(), 'missing', 'no_pec', 'get_pec', 'get_pec'),
    (Pec(seen_on=FIRST), 'missing', 'no_pec', 'get_pec', 'get_pec'),
    (Pec(seen_on=FIRST, seen=OTHER), 'to_confirm', 'only_in_register', 'take_over', 'take_over'),
    (Pec(ADDRESS), 'to_confirm', 'not_proved', 'check_register', 'confirm_or_file'),
    (Pec(ADDRESS, 'unknown'), 'to_confirm', 'unknown', 'check_register', 'confirm_or_file'),
    (Pec(ADDRESS, 'domain_failed'), 'to_confirm', 'domain_failed', 'check_register', 'confirm_or_file'),
    # completed by the service, which knows no refusal
    (Pec(ADDRESS, filed_on=FIRST), 'to_confirm', 'outcome_missing', 'check_register', 'record_outcome'),
    (Pec(ADDRESS, filed_on=SECOND, seen_on=FIRST, seen=OTHER), 'to_confirm', 'outcome_missing', 'check_register',
     'record_outcome'),
    (Pec(ADDRESS, filed_on=FIRST, seen_on=FIRST), 'to_confirm', 'outcome_missing', 'check_register', 'record_outcome'),
    # looked up before the chamber had to have worked: whoever files again pays again
    *((Pec(ADDRESS, filed_on=FIRST, seen_on=seen_on, seen=seen), 'to_confirm', 'outcome_missing', 'check_register',
       'record_outcome') for seen_on in (day('11/6/2026'), ANSWERED) for seen in ('', OTHER)),
    # looked up later than anything else
    (Pec(ADDRESS, seen_on=SECOND), 'missing', 'not_in_register', 'file', 'file'),
    (Pec(ADDRESS, filed_on=FIRST, seen_on=AGAIN), 'missing', 'not_in_register', 'file', 'file'),
    (Pec(ADDRESS, proved_on=FIRST, seen_on=SECOND), 'missing', 'not_in_register', 'file', 'file'),
    (Pec(ADDRESS, filed_on=FIRST, seen_on=AGAIN, seen=OTHER), 'to_confirm', 'register_differs', 'compare', 'compare'),
    (Pec(ADDRESS, proved_on=FIRST, seen_on=SECOND, seen=OTHER), 'to_confirm', 'register_differs', 'compare', 'compare'),
    # it stands there
    (Pec(ADDRESS, seen_on=FIRST, seen=ADDRESS), 'in_order', '', '', ''),
    (Pec(ADDRESS, proved_on=FIRST), 'in_order', '', '', ''),
    (Pec(ADDRESS, proved_on=SECOND, seen_on=FIRST), 'in_order', '', '', ''),
    (Pec(ADDRESS, 'unknown', proved_on=FIRST), 'in_order', '', '', ''),
    (Pec(ADDRESS, filed_on=FIRST, seen_on=SECOND, seen=ADDRESS), 'in_order', '', '', ''),
    # what can be nobody's PEC, whatever is known of the register
    *((Pec(ADDRESS, verdict, proved_on=proved_on), 'not_pec', verdict, 'get_pec', 'get_pec')
      for verdict in ('address_form', 'address_several', 'address_consumer', 'address_closed', 'address_exchange',
                      'domain_not_certified')
      for proved_on in (None, FIRST)),
]
NOTHING_TO_DO = ('in_order', 'exempt')


def make_pec(rnd):
    """Return any PEC, of few addresses."""
    days = [None, day('1/12/2025'), day('15/5/2026'), day('1/11/2026')]
    return Pec(
        rnd.choice(['', 'a@pec.it', 'b@pec.it', 'c@pec.it', f'{rnd.random()}@pec.it', f'{rnd.random()}@pec.it']),
        rnd.choice(['known', 'known', 'known', 'unknown', 'address_form']), rnd.choice(days), rnd.choice(days),
        rnd.choice(days), rnd.choice(days), rnd.choice(['', 'a@pec.it']))


def make_world(rnd, count=12):
    """Return companies, offices and other facts: anything around today."""
    def near():
        return rnd.choice([None, TODAY + timedelta(rnd.randrange(-90, 90))])

    people = ['anna', 'bruno', 'carla', 'dario']
    companies = [company(
        rnd.choice(['SR', 'SP', 'SN', 'DI', 'SV', 'CO', 'AC', '']), make_pec(rnd), key=f'c{number:02}',
        state=rnd.choice(['active', 'active', 'active', 'liquidation', 'failed', 'ceased']),
        owner=rnd.choice(['', *people]), registered_on=near(), chosen=rnd.choice(['', *people]),
        own_decision=rnd.choice(['', 'yes', 'no']), administrator_decision=rnd.choice(['', '', 'yes', 'no']))
        for number in range(count)]
    offices = [office(
        rnd.choice(['AUN', 'COD', 'PCA', 'AMD', 'CON', 'joint', 'SIE']), rnd.choice(people), make_pec(rnd),
        key=f'o{number:02}', company=rnd.choice(companies).key, since=near(), registered_on=near(), until=near(),
        ended_on=rnd.choice([None, None, near()]), doubt=rnd.choice(['', '', '', 'legal_person']))
        for number in range(2 * count)]
    return companies, offices, {
        'filings': [Filing(
            rnd.choice(companies).key, rnd.choice(['company', 'administrator']), rnd.choice(people),
            rnd.choice(['queued', 'awaiting_documents', 'suspended'])) for _number in range(count // 4)],
        'mailboxes': [Mailbox(f'{letter}@pec.it', rnd.choice(['', '', 'mailbox_closed']), near()) for letter in 'abc'],
        'notices': [Notice(rnd.choice(companies).key, near() or TODAY, rnd.choice(['', 'CA']), near())
                    for _number in range(count // 4)],
    }


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestObligationPosition(BaseCase):
    """How each duty stands."""

    def test_standings(self):
        for pec, state, reason, step, step_of_person in STANDINGS:
            with self.subTest(pec=pec):
                own, _line = judge_one(company(pec=pec))
                self.assertEqual((own.state, own.reason, own.step), (state, reason, step))
                _own, line = judge_one(company(pec=proved('own@pec.it')), office(pec=pec))
                self.assertEqual((line.state, line.reason, line.step), (state, reason, step_of_person))
                for one in (own, line):
                    self.assertEqual(bool(one.fine), state in ('missing', 'not_pec'))
                # 31/12/2025: what is known to be missing, and what may never have been communicated
                is_due = state in ('missing', 'not_pec') or reason in ('not_proved', 'unknown', 'domain_failed')
                is_early = reason == 'outcome_missing' and pec.seen_on and pec.seen_on > pec.filed_on
                self.assertEqual(line.due, day('31/12/2025') if is_due else AGAIN if is_early else None)

    def test_address_that_the_office_has_assigned(self):
        """CODICEFISCALE@impresa.italia.it is assigned to who has none; of a person it is nobody's PEC."""
        pec = proved('12485671007@impresa.italia.it', verdict='address_office')
        own, _line = judge_one(company(pec=pec))
        self.assertEqual((own.state, own.reason, own.step), ('missing', 'assigned_by_office', 'get_pec'))
        self.assertEqual(judge_one(company(), office(pec=pec))[1].state, 'not_pec')

    def test_mailboxes_that_do_not_work(self):
        for reason, step in [
                ('mailbox_revoked', 'get_pec'), ('mailbox_closed', 'get_pec'), ('mailbox_annulled', 'get_pec'),
                ('mailbox_expired', 'get_pec'), ('mailbox_inactive', 'activate_mailbox'),
                ('mailbox_activating', 'activate_mailbox'), ('mailbox_draft', 'activate_mailbox')]:
            own, _line = judge_one(company(), mailboxes=[Mailbox(ADDRESS, reason)])
            self.assertEqual((own.state, own.reason, own.step), ('not_pec', reason, step))

    def test_filings(self):
        """What is under way, whatever it is for; its term stays. Nothing is asked of who is exempt."""
        missing = {'own': company(pec=Pec()), 'person': office(pec=Pec())}
        for state, step in [
                ('queued', 'wait'), ('unconfirmed', 'wait'), ('code_requested', 'wait'), ('documents_uploaded', 'wait'),
                ('awaiting_documents', 'sign'), ('suspended', 'answer_chamber')]:
            for kind, place in (('company', 0), ('administrator', 1)):
                filing = Filing('alfa', kind, 'mario', state)
                line = judge_one(*missing.values(), filings=[filing])[place]
                without = judge_one(*missing.values())[place]
                with self.subTest(state=state, kind=kind):
                    self.assertEqual((line.state, line.step), ('under_way', step))
                    self.assertEqual(
                        line._replace(state=without.state, step=without.step), without)
        for form, state in (('AC', 'exempt'), ('SV', 'under_way'), ('SR', 'under_way')):
            filings = [Filing('alfa', kind, 'mario') for kind in ('company', 'administrator')]
            lines = judge_one(company(form), office(), filings=filings)
            self.assertEqual([line.state for line in lines], [state] * 2)

    def test_filings_of_others(self):
        """A filing of who is not obliged says nothing of the duty; of several who are, it says whose PEC it will be."""
        elsewhere = [
            Filing('alfa', 'administrator', 'bruno'), Filing('beta', 'administrator', 'mario'),
            Filing('alfa', 'company')]
        self.assertEqual(judge_one(company(), office(pec=Pec()), filings=elsewhere)[1].state, 'missing')
        delegates = [office('COD', person, Pec()) for person in ('anna', 'bruno', 'carla')]
        for offices in itertools.permutations(delegates):
            line = judge_one(company(), *offices, filings=elsewhere)[1]
            self.assertEqual((line.state, line.person), ('under_way', 'bruno'))
        doubtful = [office('AMD', 'anna', Pec()), office('PCA', 'bruno', Pec())]
        self.assertEqual(judge_one(company(), *doubtful, filings=elsewhere)[1].state, 'under_way')

    def test_filing_after_a_notice(self):
        notice = Notice('alfa', day('20/11/2026'))
        own, _line = judge_one(company(), notices=[notice], filings=[Filing('alfa', 'company', '', 'queued')])
        self.assertEqual((own.state, own.reason, own.due), ('under_way', 'notice', day('20/12/2026')))

    def test_next_steps(self):
        """Each state and reason of a line has a next step, but where nothing is to be done."""
        rnd = random.Random(18)
        for _number in range(60):
            companies, offices, facts = make_world(rnd)
            lines = judge(companies, offices, **facts)
            self.assertEqual([(line.company, line.kind) for line in lines], [
                (own.key, kind) for own in companies for kind in ('company', 'administrator')])
            for line in lines:
                self.assertEqual(bool(line.step), line.state not in NOTHING_TO_DO, line)
                self.assertIn(line.state, position.STATES)
                self.assertTrue(line.others or line.state != 'duplicate', line)
                self.assertFalse(line.due and line.state in NOTHING_TO_DO)

    def test_whatever_the_order(self):
        rnd = random.Random(4)
        for _number in range(30):
            companies, offices, facts = make_world(rnd)
            lines = {line[:2]: line for line in judge(companies, offices, **facts)}
            for values in (companies, offices, *facts.values()):
                rnd.shuffle(values)
            self.assertEqual({line[:2]: line for line in judge(companies, offices, **facts)}, lines)

    def test_until_then(self):
        """Until the day that a line names nothing of it changes by itself."""
        rnd = random.Random(19)
        changed = 0
        for _number in range(25):
            companies, offices, facts = make_world(rnd)
            lines = judge(companies, offices, **facts)
            later = {
                days: judge(companies, offices, today=TODAY + timedelta(days), **facts) for days in range(1, 200, 3)}
            for place, line in enumerate(lines):
                for days, others in later.items():
                    if not line.again_on or TODAY + timedelta(days) < line.again_on:
                        self.assertEqual(others[place], line)
                    changed += others[place]._replace(again_on=line.again_on) != line
        self.assertGreater(changed, 1000)

    def test_alone_as_among_others(self):
        """Judged alone a company has the lines that it has among all: of others counts who has its addresses."""
        rnd = random.Random(20)
        for _number in range(15):
            companies, offices, facts = make_world(rnd)
            for place, own in enumerate(companies):
                lines = judge(companies, offices, **facts)[2 * place:2 * place + 2]
                mine = [held for held in offices if held.company == own.key]
                holders = [
                    (other.pec.address, Holder(
                        'company', other.key, other.owner, is_proved(other.pec), other.pec.since))
                    for other in companies if other != own and other.state != 'ceased']
                holders += [
                    (held.pec.address, Holder(
                        'administrator', held.company, held.person, is_proved(held.pec), held.pec.since))
                    for held in offices if held.company != own.key and not (held.ended_on and held.ended_on <= TODAY)]
                rnd.shuffle(holders)
                alone = judge([own], mine, holders=holders, **facts)
                self.assertEqual(
                    [line._replace(again_on=None) for line in alone], [line._replace(again_on=None) for line in lines])
