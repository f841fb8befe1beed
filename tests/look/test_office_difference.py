"""Offices that the register tells: compared by person and role, and taken over by a person."""
from odoo.tests import tagged

from ..common_company import CODE
from ..common_look import LookCase, as_register


def officer(name, surname, tax_code, *roles, is_representative=True):
    return {
        'name': name, 'surname': surname, 'taxCode': tax_code, 'isLegalRepresentative': is_representative,
        'roles': [
            {'role': {'code': code, 'description': description}, 'roleStartDate': since}
            for code, description, since in roles]}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOfficeDifference(LookCase):
    """Who has an office in the company: here, and in the register."""

    def look_up(self, *officers):
        self.sandbox.keep_companies(as_register(CODE, managers=list(officers)))
        update = self.update(has_offices=True)
        self.run_cron('dispatch')
        return update

    def lines(self, update):
        return update.difference_ids.filtered(lambda line: line.field == 'office')

    def test_new_ones(self):
        update = self.look_up(
            officer("MARIO", "ROSSI", 'RSSMRA80A01H501U', ('AUN', "Sole director", '2024-05-02')),
            officer("ANNA", "NERI", 'NRENNA75A41G337J', ('SIE', "Standing auditor", '2023-04-28'),
                    is_representative=False))
        sole, auditor = self.lines(update)
        self.assertEqual(
            (sole.label, sole.there, sole.is_ticked),
            ("Office", "Mario Rossi: Amministratore unico (AUN), registered 05/02/2024", True),
            "as an office that is held is named, whatever the service calls it")
        self.assertEqual((auditor.is_takeable, auditor.is_ticked), (True, False))
        self.assertFalse(self.partner.openapi_pec_office_ids)
        (sole + auditor).with_user(self.user).action_take_over()
        offices = self.partner.openapi_pec_office_ids.grouped('role')
        self.assertEqual(
            (offices['AUN'].person_id, str(offices['AUN'].registered_on), offices['AUN'].since, offices['AUN'].source),
            (self.representative, '2024-05-02', False, 'register'))
        person = offices['SIE'].person_id
        self.assertEqual((person.name, person.parent_id, person.l10n_it_codice_fiscale),
                         ("Anna Neri", self.partner, 'NRENNA75A41G337J'))
        self.assertIn("Anna Neri: Sindaco effettivo (SIE)", self.messages(self.partner))
        self.assertFalse(self.lines(self.look_up(
            officer("MARIO", "ROSSI", 'RSSMRA80A01H501U', ('AUN', "Sole director", '2024-05-02')),
            officer("ANNA", "NERI", 'NRENNA75A41G337J', ('SIE', "Standing auditor", '2023-04-28')))))

    def test_as_many_queries_for_one_as_for_twenty(self):
        """One person with many offices, whom nobody knows yet, is made once."""
        roles = [(f'R{number:02}', "Role", '2024-05-02') for number in range(21)]
        counts = []
        for some in (roles[:1], roles):
            lines = self.lines(self.look_up(officer("ANNA", "NERI", 'NRENNA75A41G337J', *some)))
            self.assertIn(
                f"Anna Neri: Role ({some[-1][0]}), registered 05/02/2024", lines.mapped('there'),
                "which the rules do not know")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines.with_user(self.user).action_take_over()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(self.partner.openapi_pec_office_ids), 21)
        self.assertEqual(len(self.partner.openapi_pec_office_ids.person_id), 1)
        self.assertLessEqual(counts[1], counts[0], "the first one made the person as well")

    def test_an_earlier_term_is_not_missing(self):
        office = self.env['openapi_pec.office'].create({
            'partner_id': self.partner.id, 'person_id': self.representative.id, 'role': 'AUN', 'since': '2020-01-01',
            'until': '2024-04-30', 'registered_on': '2020-01-10'})
        renewed = office._renew()
        renewed.registered_on = '2024-05-02'
        self.assertFalse(self.lines(self.look_up(officer(
            "MARIO", "ROSSI", 'RSSMRA80A01H501U', ('AUN', "Sole director", '2024-05-02')))))
        self.assertTrue(renewed.seen_on)
        self.assertFalse(office.seen_on)

    def test_typed_since_it_was_told(self):
        lines = self.lines(self.look_up(officer(
            "MARIO", "ROSSI", 'RSSMRA80A01H501U', ('AUN', "Sole director", '2024-05-02'))))
        office = self.env['openapi_pec.office'].with_user(self.user).create({
            'partner_id': self.partner.id, 'person_id': self.representative.id, 'role': 'AUN', 'since': '2024-04-30'})
        lines.with_user(self.user).action_take_over()
        self.assertEqual(self.partner.openapi_pec_office_ids, office)
        self.assertEqual((str(office.since), str(office.registered_on)), ('2024-04-30', '2024-05-02'))

    def test_typed_with_another_day(self):
        """The day that a person has typed since stays; the next look shows the difference."""
        told = officer("MARIO", "ROSSI", 'RSSMRA80A01H501U', ('AUN', "Sole director", '2024-05-02'))
        lines = self.lines(self.look_up(told))
        office = self.env['openapi_pec.office'].create({
            'partner_id': self.partner.id, 'person_id': self.representative.id, 'role': 'AUN',
            'registered_on': '2024-05-10'})
        lines.with_user(self.user).action_take_over()
        self.assertEqual((self.partner.openapi_pec_office_ids, str(office.registered_on)), (office, '2024-05-10'))
        self.assertTrue(office.seen_on)
        self.assertEqual(self.lines(self.look_up(told)).office_id, office)

    def test_a_code_that_odoo_refuses(self):
        """A foreigner's number, or a wrong check digit: a person enters who that is; the others are taken over."""
        lines = self.lines(self.look_up(
            officer("ANNA", "NERI", 'NRENNA75A41G337X', ('COD', "Managing director", '2024-05-02')),
            officer("JOHN", "DOE", 'DE123456789', ('AMD', "Director", '2024-05-02')),
            officer("MARIO", "ROSSI", 'RSSMRA80A01H501U', ('AUN', "Sole director", '2024-05-02'))))
        self.assertEqual(
            [(line.is_takeable, line.is_ticked) for line in lines], [(False, False), (False, False), (True, True)])
        lines.with_user(self.user).action_take_over()
        self.assertEqual(self.partner.openapi_pec_office_ids.mapped('role'), ['AUN'])

    def test_two_offices_of_somebody_new(self):
        lines = self.lines(self.look_up(officer(
            "ANNA", "NERI", 'NRENNA75A41G337J', ('AUN', "Sole director", None), ('COD', "Managing director", None))))
        lines.with_user(self.user).action_take_over()
        self.assertEqual(len(self.partner.openapi_pec_office_ids), 2)
        self.assertEqual(len(self.partner.openapi_pec_office_ids.person_id), 1)

    def test_other_date_and_gone(self):
        offices = self.env['openapi_pec.office'].create([{
            'partner_id': self.partner.id, 'person_id': self.representative.id, 'role': role,
            'registered_on': '2024-04-20'} for role in ('AUN', 'PCA')])
        update = self.look_up(officer("MARIO", "ROSSI", 'RSSMRA80A01H501U', ('AUN', "Sole director", '2024-05-02')))
        self.assertEqual(str(offices[0].seen_on), str(update.look_ids[0].looked_at.date()))
        other, gone = self.lines(update)
        self.assertEqual((other.office_id, other.is_ticked, gone.office_id), (offices[0], False, offices[1]))
        self.assertIn("Not told any more", gone.there)
        self.assertFalse(gone.is_takeable, "the register tells no end: a person types it")
        other.with_user(self.user).action_take_over()
        self.assertEqual((str(offices[0].registered_on), offices[1].ended_on), ('2024-05-02', False))

    def test_a_renewal_is_a_new_term(self):
        """What is entered after the term, or long after its start, is the next one; the old one stays as it was."""
        for known, until in (
                ({'since': '2021-04-30', 'registered_on': '2021-05-10', 'until': '2024-04-30'}, '2024-04-30'),
                ({'registered_on': '2021-05-10'}, '2024-05-01')):
            with self.subTest(known=known):
                old = self.env['openapi_pec.office'].create({
                    'partner_id': self.partner.id, 'person_id': self.representative.id, 'role': 'AUN', **known})
                told = officer("MARIO", "ROSSI", 'RSSMRA80A01H501U', ('AUN', "Sole director", '2024-05-02'))
                [line] = self.lines(self.look_up(told))
                self.assertEqual((line.office_id, line.is_takeable, line.is_ticked), (old, True, False))
                self.assertIn("New term: Mario Rossi", line.there)
                line.with_user(self.user).action_take_over()
                new = self.partner.openapi_pec_office_ids.filtered(lambda office: not office.ended_on) - old
                self.assertEqual((str(old.registered_on), str(old.until)), ('2021-05-10', until))
                self.assertEqual(
                    (str(new.since), str(new.registered_on), new.until, new.person_id, new.source),
                    ('2024-05-02', '2024-05-02', False, self.representative, 'register'))
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertFalse(self.lines(self.look_up(told)), "the last term is compared")
                (old + new).action_end()

    def test_who_has_no_tax_code(self):
        """Known by the name, in any order; while somebody like that is told, nobody like that is gone."""
        persons = self.env['res.partner'].create([{'name': name} for name in ("Müller Jürgen", "Dupont Anne")])
        offices = self.env['openapi_pec.office'].create([{
            'partner_id': self.partner.id, 'person_id': person.id, 'role': 'AMD', 'registered_on': '2024-05-02',
            'has_no_tax_code': True} for person in persons])
        told = officer("JURGEN", "MULLER", '', ('AMD', "Director", '2024-05-02'))
        self.assertFalse(self.lines(self.look_up(told)))
        self.assertTrue(offices[0].seen_on)
        self.assertFalse(offices[1].seen_on)
        told = officer("JURGEN", "MULLER", '', ('AMD', "Director", '2024-05-12'))
        [dated] = self.lines(self.look_up(told))
        self.assertEqual((dated.office_id, dated.is_takeable), (offices[0], True))
        other = officer("MARIO", "ROSSI", 'RSSMRA80A01H501U', ('AUN', "Sole director", '2024-05-02'))
        self.assertEqual(self.lines(self.look_up(other)).office_id, offices, "of an office of others it says nothing")

    def test_unreadable_ones_end_nothing(self):
        office = self.env['openapi_pec.office'].create({
            'partner_id': self.partner.id, 'person_id': self.representative.id, 'role': 'AUN'})
        update = self.look_up({'roles': []}, officer("LUCA", "VERDI", '', ('COD', "Managing director", None)))
        [line] = self.lines(update)
        self.assertFalse(line.office_id or line.is_takeable or line.is_ticked, "without a tax code, a person enters it")
        self.assertFalse(office.ended_on or office.seen_on)
