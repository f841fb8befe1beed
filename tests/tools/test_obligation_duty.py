import itertools
import random

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form
from odoo.addons.l10n_it_openapi_pec.tools.obligation import rules
from odoo.addons.l10n_it_openapi_pec.tools.obligation.facts import Pec

from ..common_companies import STATE_BY_DUTY, STATES, expect, read_duties, read_orders
from ..common_obligation import TODAY, company, judge, judge_one, office

FINES = {'DI': (30, 1548, 60), 'IF': (30, 1548, 60)}  # art. 2194 c.c. tripled; the others: art. 2630 c.c. doubled
FINE, FINE_OF_ADMINISTRATORS = (206, 2064, 412), (206, 2064, None)


def give_offices(key, roles):
    """Return offices of a company.

    :param roles: pairs of code, and why nobody has said it of who holds the office, or ''.
    """
    return [
        office(role, f'{key} {number}', Pec(), company=key, key=f'{key} {number} {role}', doubt=doubt)
        for number, (role, doubt) in enumerate(roles)]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestObligationDuty(BaseCase):
    """Who must communicate which PEC."""

    def test_every_form_state_and_order(self):
        cases, companies, offices = {}, [], []
        matrices = [read_duties(heading) for heading in ("A company's own PEC", "An administrator's PEC")]
        for form, state, roles, *expected in expect(matrices, read_orders()):
            key = f'{form} {state} {len(cases)}'
            cases[key] = form, *expected
            companies.append(company(form, Pec(), key=key, state=state))
            offices += give_offices(key, roles)
        lines = judge(companies, offices)
        wrong = []
        for own, administrator in zip(lines[::2], lines[1::2], strict=True):
            form, *expected = cases[own.company]
            role = administrator.office and administrator.office.split()[-1]
            if [own[2:4], (*administrator[2:4], role)] != expected:
                wrong.append((expected, own, administrator))
            if own.state == 'missing' and own.fine[1:4] != FINES.get(form, FINE):
                wrong.append(own)
            if administrator.state == 'missing' and administrator.fine[1:4] != FINE_OF_ADMINISTRATORS:
                wrong.append(administrator)
        self.assertEqual(wrong[:5], [])
        self.assertGreater(len(cases), 30000)

    def test_every_order_of_offices(self):
        """Whose PEC is due does not depend on the order in which offices are kept."""
        for roles, whose, reason in read_orders():
            for order in set(itertools.permutations(roles)) if len(roles) < 5 else [roles, roles[::-1]]:
                _own, line = judge_one(company(), *give_offices('alfa', order))
                with self.subTest(roles=order):
                    state = STATE_BY_DUTY[whose] if reason else 'missing'
                    self.assertEqual((line.state, line.reason), (state, reason or 'no_pec'))
                    self.assertEqual(line.office and line.office.split()[-1], '' if reason else whose)

    def test_all_forms_are_judged(self):
        """Each form of the register has its answers, the same as the checks of a filing give."""
        answers = rules.in_force(rules.read_shipped(), TODAY).answers
        said = {'due': 'yes', 'not_due': 'no', 'none': 'no', 'undecided': 'undecided'}
        for form in legal_form.forms().values():
            if form.group != 'unknown':
                with self.subTest(form=form.code):
                    self.assertEqual(
                        answers['form', form.code]['administrator'].answer,
                        said[legal_form.ADMINISTRATORS[form.group]])

    def test_person_decides(self):
        """A decision counts where the rules say nothing, and there alone."""
        for form, decision, state in [
                ('SV', '', 'to_decide'), ('SV', 'yes', 'missing'), ('SV', 'no', 'exempt'), ('SR', 'no', 'missing'),
                ('AC', 'yes', 'exempt')]:
            own = company(form, Pec(), own_decision=decision, administrator_decision=decision)
            with self.subTest(form=form, decision=decision):
                self.assertEqual([line.state for line in judge_one(own, office(pec=Pec()))], [state] * 2)
                if decision == 'no' and form == 'SV':
                    self.assertEqual({line.reason for line in judge_one(own)}, {'decided'})

    def test_person_chooses(self):
        """Somebody says which of several is meant; of who has left the office that says nothing any more."""
        amd, pca = office('AMD', 'anna', Pec()), office('PCA', 'bruno', Pec())
        for chosen, expected in [('anna', 'anna'), ('bruno', 'bruno'), ('carla', ''), ('', '')]:
            _own, line = judge_one(company(chosen=chosen), amd, pca)
            with self.subTest(chosen=chosen):
                self.assertEqual((line.state, line.person), ('missing' if expected else 'to_decide', expected))
                if not expected:
                    self.assertEqual(line.candidates, (amd.key, pca.key))
        delegated = office('director', 'anna', Pec())
        self.assertEqual(judge_one(company(chosen='anna'), delegated)[1].state, 'missing')
        self.assertEqual(judge_one(company(chosen='anna'), delegated, office('joint', 'bruno'))[1].state, 'exempt')
        director = office('CON', 'anna')  # of the two offices of one person the first in order counts
        self.assertEqual(judge_one(company(chosen='anna'), director, amd, pca)[1].office, amd.key)
        self.assertEqual(judge_one(company(administrator_decision='no'), amd, pca)[1].state, 'exempt')
        self.assertEqual(judge_one(company(chosen='bruno'), office('COD', pec=Pec()), pca)[1].person, 'mario')

    def test_one_of_several_delegates(self):
        """One is enough: the line is about who stands best."""
        missing, fine = office('COD', 'anna', Pec()), office('COD', 'bruno')
        for offices in itertools.permutations((missing, fine, office('PCA', 'carla', Pec()))):
            _own, line = judge_one(company(), *offices)
            self.assertEqual((line.state, line.person), ('in_order', 'bruno'))

    def test_correction(self):
        """A row that somebody has corrected counts from its day on; the shipped one before it."""
        shipped = rules.read_shipped()
        [said] = [row for row in shipped.answers if row.code == 'CON']
        corrected = said._replace(answer='no', rank=0, reason='role_excluded', valid_from=TODAY)
        rows = shipped._replace(answers=(corrected, *shipped.answers))
        offices = [office('CON', 'anna', Pec()), office('PCA', 'bruno', Pec())]
        before = rules.in_force(rows, TODAY.replace(day=26))
        self.assertEqual(before.changes_on, TODAY)
        self.assertEqual(judge_one(company(), *offices, rows=rows)[1].person, 'bruno')
        self.assertEqual(judge_one(company(), *offices, rows=rows, today=TODAY.replace(day=26))[1].state, 'to_decide')

    def test_tables(self):
        """Each row has a source and a day, each code is known, nothing is said twice at a time."""
        rows = rules.read_shipped()
        self.assertEqual({row.about for row in rows.answers}, {'form', 'state', 'role'})
        self.assertEqual({row.code for row in rows.answers if row.about == 'state'}, {*STATES})
        for row in (*rows.answers, *rows.terms, *rows.fines):
            self.assertTrue(row.source)
            self.assertLessEqual(row.valid_from, TODAY)
        for row in rows.answers:
            self.assertIn(row.duty, rules.DUTIES)
            self.assertIn(row.answer, rules.ANSWERS)
            self.assertEqual(bool(row.reason), row.answer != 'yes', row)
        for row in rows.terms:
            self.assertEqual(row.due_on is None, row.days is not None, row)
        keys = [(row.about, row.code, row.duty, row.valid_from) for row in rows.answers]
        self.assertEqual(len(keys), len(set(keys)))

    def test_order_of_rows(self):
        """Rules are the same whatever the order of their rows."""
        rows = rules.read_shipped()
        shuffled = rows._replace(**{
            name: tuple(random.Random(7).sample(table, len(table))) for name, table in rows._asdict().items()})
        self.assertEqual(rules.in_force(rows, TODAY), rules.in_force(shuffled, TODAY))
