import itertools
import random

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form
from odoo.addons.l10n_it_openapi_pec.tools.obligation import rules
from odoo.addons.l10n_it_openapi_pec.tools.obligation.facts import Pec

from ..common_obligation import TODAY, company, judge, judge_one, office

# Written from the sources alone, without a look at the tables that are tested.

# Natura giuridica, by what is said of it. Administrators: Unioncamere's note of 10/11/2025 on DL 159/2025 art. 13.
FORMS = {
    # società di capitali, consortili, cooperative
    'capital': 'SP AU SR SU RS RR AA SD SL SO SC CL CI OO OC OS PC PS SG',
    # every società has a PEC of its own (DL 185/2008 art. 16 c. 6); those of persons are excluded by the note
    'partnership': 'SN AS SE',
    # with a secondary seat (chambers of Cuneo and of the Dolomites); the preposto need not (Romagna)
    'foreign': 'SS ST SZ',
    # imprese individuali (DL 179/2012 art. 5 c. 2)
    'trader': 'DI IF',
    # REA alone, professionals, public undertakings (Cuneo, the Dolomites, Romagna)
    'neither': 'AC FO FI EN EE EM EL EI ED EP AL AZ AM AP AR AT CS CM PF',
    # consorzi, reti, GEIE: excluded by the note; their own PEC: Romagna says no, a commentator says yes
    'consortium': 'CO CC CF RC GE',
    # consortili, and so società with a PEC of their own; nobody says whether the note means them
    'consortile': 'CN AE AN',
    # nobody says anything
    'unsaid': 'SV SM SF SI MA IC ID',
    # the register says no form, nothing is known here, or a code that nobody knows
    'unknown': 'XX  ??',
}
STATES = (
    'active', 'registered', 'registering', 'inactive', 'suspended', 'liquidation', 'procedure', 'failed', 'rea_only',
    'ceased')
# y: due, n: not due, ?: nobody has said it. Companies in liquidation as well (Cuneo, the Dolomites); in a procedure the
# curator has a PEC of his own within 10 days, and of the company's nothing is said. Sole traders: active, and in no
# insolvency procedure (DL 179/2012 art. 5 c. 2); of those who are neither active nor inactive nothing is said.
OWN = {
    **dict.fromkeys(('capital', 'partnership', 'foreign', 'consortile'), 'yyyyyy??nn'),
    'trader': 'y??n??nnnn',
    'neither': 'nnnnnnnnnn',
    **dict.fromkeys(('consortium', 'unsaid', 'unknown'), '????????nn'),
}
# Liquidators are excluded by the note.
ADMINISTRATORS = {
    'capital': 'yyyyyn??nn',
    **dict.fromkeys(('partnership', 'foreign', 'trader', 'neither', 'consortium'), 'nnnnnnnnnn'),
    **dict.fromkeys(('consortile', 'unsaid', 'unknown'), '?????n??nn'),
}
FINES = {'trader': (30, 1548, 60)}  # art. 2194 c.c. tripled; the others: art. 2630 c.c. doubled
FINE, FINE_OF_ADMINISTRATORS = (206, 2064, 412), (206, 2064, None)

# Offices of a company -> whose PEC is due (codes), 'n' nobody's, or why nobody can tell. The order is that of DL
# 159/2025 art. 13: amministratore unico, or amministratore delegato, or failing him the president.
ROLES = [
    (['AUN'], ['AUN']), (['COD'], ['COD']), (['PCA'], ['PCA']),
    (['PCA', 'COD'], ['COD']), (['PCA', 'director', 'director'], ['PCA']), (['COD', 'director'], ['COD']),
    (['PCA', 'COD', 'COD'], ['COD', 'COD']),  # one is enough (Unioncamere)
    (['AUN', 'SIE', 'PCS', 'PP', 'PC', 'SOU'], ['AUN']), (['PCA', 'institor', 'branch_manager', 'SIE'], ['PCA']),
    # excluded: several administrators (Unioncamere, Liguria), liquidators
    (['joint', 'joint'], 'n'), (['separate', 'separate'], 'n'), (['liquidator'], 'n'), (['liquidator', 'SIE'], 'n'),
    (['managing_partner'], 'n'),
    # of a board there is a president, and so somebody is missing here
    ([], 'office_unknown'), (['director', 'director'], 'office_unknown'), (['SIE', 'SOU'], 'office_unknown'),
    # delegate by its name, president in the service's sample: only a sole administrator or another delegate settles it
    (['AMD'], 'role_ambiguous'), (['AMD', 'PCA'], 'role_ambiguous'), (['AMD', 'COD'], ['COD']),
    (['AMD', 'AUN'], ['AUN']),
    # codes whose meaning is not published
    *(([code], 'role_unsaid') for code in (
        'PAD', 'PCD', 'PRE', 'AMM', 'AMP', 'CON', 'VPA', 'LI', 'LIG', 'LGR', 'IN', 'TI', 'TIT', 'SOR', 'SOA', 'ACR',
        'CUF')),
    (['PAD', 'PCA'], 'role_unsaid'), (['CON', 'PCA'], 'role_unsaid'), (['CON', 'COD', 'PCA'], ['COD']),
    (['AMM', 'AMM'], 'role_unsaid'), (['AMM', 'COD'], 'role_unsaid'), (['LI', 'AUN'], ['AUN']),
    (['ZZZ'], 'role_unknown'), (['ZZZ', 'PCA'], 'role_unknown'), (['ZZZ', 'COD'], ['COD']),
    (['management_board'], 'dualistic'),
    # what cannot be: one of them has ended, or is somebody else's
    (['AUN', 'AUN'], 'several_in_office'), (['PCA', 'PCA'], 'several_in_office'), (['PCA', 'PCA', 'COD'], ['COD']),
    (['AUN', 'PCA'], 'several_in_office'), (['AUN', 'COD', 'PCA'], 'several_in_office'),
]


def expect(own, administrator, roles):
    """Return what is expected of both lines: states, and the offices whose PEC is due, or why nobody's."""
    by_letter = {'y': 'missing', 'n': 'exempt', '?': 'to_decide'}
    if administrator == 'y':
        administrator = {'n': 'n'}.get(roles, '?') if isinstance(roles, str) else 'y'
    return by_letter[own], by_letter[administrator]


def give_offices(key, roles):
    return [
        office(role, f'{key} {number}', Pec(), company=key, key=f'{key} {number} {role}')
        for number, role in enumerate(roles)]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestObligationDuty(BaseCase):
    """Who must communicate which PEC."""

    def test_every_form_state_and_order(self):
        cases, companies, offices = {}, [], []
        for (group, codes), state, (roles, expected) in itertools.product(FORMS.items(), STATES, ROLES):
            place = STATES.index(state)
            for form in codes.split(' '):
                key = f'{form} {state} {"-".join(roles)}'
                cases[key] = (
                    group, expected, expect(OWN[group][place], ADMINISTRATORS[group][place], expected))
                companies.append(company(form, Pec(), key=key, state=state))
                offices += give_offices(key, roles)
        lines = judge(companies, offices)
        self.assertEqual(len(lines), 2 * len(cases))
        wrong = []
        for own, administrator in zip(lines[::2], lines[1::2], strict=True):
            group, roles, expected = cases[own.company]
            if (own.state, administrator.state) != expected:
                wrong.append((own.company, expected, own.state, administrator.state))
            if own.state == 'missing' and own.fine[1:4] != FINES.get(group, FINE):
                wrong.append((own.company, own.fine))
            if administrator.state == 'missing' and (
                    administrator.office.split()[-1] not in roles
                    or administrator.fine[1:4] != FINE_OF_ADMINISTRATORS):
                wrong.append((own.company, administrator))
            if {own.state, administrator.state} & {'exempt', 'to_decide'}:
                wrong += [line for line in (own, administrator) if line.state != 'missing' and not line.reason]
        self.assertEqual(wrong, [])

    def test_every_order_of_offices(self):
        """Whose PEC is due does not depend on the order in which offices are kept."""
        for roles, expected in ROLES:
            for order in set(itertools.permutations(roles)) if len(roles) < 5 else [roles, roles[::-1]]:
                offices = give_offices('alfa', order)
                _own, line = judge_one(company(), *offices)
                with self.subTest(roles=order):
                    if isinstance(expected, list):
                        self.assertEqual((line.state, line.reason), ('missing', 'no_pec'))
                        self.assertIn(line.office.split()[-1], expected)
                    elif expected == 'n':
                        self.assertEqual(line.state, 'exempt')
                    else:
                        self.assertEqual((line.state, line.reason), ('to_decide', expected))

    def test_all_forms_are_judged(self):
        """Each form of the register has its answers, the same as the checks of a filing give."""
        listed = {form for codes in FORMS.values() for form in codes.split(' ')}
        self.assertEqual({*legal_form.forms()}, listed - {'', '??'})
        answers = rules.in_force(rules.read_shipped(), TODAY).answers
        said = {'due': 'yes', 'not_due': 'no', 'none': 'no', 'undecided': 'undecided'}
        for form in legal_form.forms().values():
            if form.group != 'unknown':
                with self.subTest(form=form.code):
                    self.assertEqual(
                        answers['form', form.code]['administrator'].answer,
                        said[legal_form.ADMINISTRATORS[form.group]])

    def test_person_of_whom_nobody_has_said_it(self):
        """A foreigner without an Italian code, a legal person: no published answer."""
        for doubt in ('no_tax_code', 'legal_person'):
            for roles, doubtful, expected in [
                    (['AUN'], 0, doubt), (['PCA'], 0, doubt), (['COD'], 0, doubt), (['COD', 'PCA'], 0, doubt),
                    (['COD', 'PCA'], 1, None), (['COD', 'COD'], 0, None), (['PCA', 'PCA'], 0, doubt),
                    (['AUN', 'SIE'], 1, None)]:
                offices = give_offices('alfa', roles)
                offices[doubtful] = offices[doubtful]._replace(doubt=doubt)
                _own, line = judge_one(company(), *offices)
                with self.subTest(roles=roles, doubtful=doubtful):
                    self.assertEqual(
                        (line.state, line.reason), ('to_decide', doubt) if expected else ('missing', 'no_pec'))

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
