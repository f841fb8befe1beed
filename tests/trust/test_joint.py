from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.const.signature import SIGNATURE_FINDINGS
from odoo.addons.l10n_it_openapi_pec.const.trust import (
    FETCH_PROBLEMS,
    LIST_PROBLEMS,
    OWN_PROBLEMS,
    STEP_TITLES,
    TRUST_FINDINGS,
)
from odoo.addons.l10n_it_openapi_pec.models.filing.signer_page import SIGNER_WORDS
from odoo.addons.l10n_it_openapi_pec.tools import p7m, trust
from odoo.addons.l10n_it_openapi_pec.tools.trust.joint import STEP_OF

from ..tools.test_trust import fill

WHO = {'signer': "Mario Rossi", 'issuer': "Prova CA"}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestJoint(BaseCase):
    """What the file says and what was verified beyond it, as one verdict."""

    def join(self, file_codes, *trust_codes, who=None):
        """Return the joint verdict of findings of both kinds."""
        verdict = p7m.Verdict([p7m.find(code, WHO) for code in file_codes.split()], [], b'x', None)
        return trust.join(verdict, trust.Verdict([trust.find(code, **(who or WHO)) for code in trust_codes]))

    def codes(self, joint):
        return ' '.join(finding.code for finding in joint.findings)

    def test_tables(self):
        """No code means two things, each belongs to a step, and each has its sentence."""
        self.assertEqual(p7m.LEVELS.keys() & trust.LEVELS.keys(), {'certificate_missing'})
        self.assertEqual(set(STEP_OF.values()), set(trust.STEPS))
        self.assertEqual(tuple(STEP_TITLES), trust.STEPS)
        self.assertEqual(TRUST_FINDINGS.keys(), trust.LEVELS.keys())
        self.assertLessEqual(STEP_OF.keys(), SIGNATURE_FINDINGS.keys() | TRUST_FINDINGS.keys())
        self.assertFalse(OWN_PROBLEMS.keys() & (LIST_PROBLEMS.keys() | FETCH_PROBLEMS.keys()))

    def test_the_file_alone(self):
        joint = trust.join(p7m.Verdict([p7m.find('not_checked', {})], [], b'x', None))
        self.assertEqual((self.codes(joint), joint.is_verified, joint.level), ('not_checked', False, 'good'))

    def test_the_list_has_the_last_word(self):
        """About who signed; a list that could not be asked says nothing."""
        said = 'not_qualified no_secure_device signature_intact not_checked'
        self.assertEqual(self.codes(self.join(said, 'qualified')), 'signature_intact qualified')
        self.assertEqual(
            self.codes(self.join(said, 'list_missing')), 'not_qualified no_secure_device list_missing signature_intact')
        self.assertEqual(
            self.codes(self.join(said, 'qualified', who={**WHO, 'signer': "Anna Bianchi"})),
            'not_qualified no_secure_device signature_intact qualified')

    def test_two_of_one_name(self):
        """What a list says of the father's certificate says nothing of the son's, who has his name."""
        verdict = p7m.Verdict(
            [p7m.find('not_qualified', {**WHO, 'serial': serial}) for serial in ('5', '6')], [], b'x', None)
        joint = trust.join(verdict, trust.Verdict([
            trust.find('qualified', **WHO, serial='5'), trust.find('qualifiers_unknown', **WHO, serial='6')]))
        self.assertEqual(
            [(finding.code, finding.values['serial']) for finding in joint.findings],
            [('not_qualified', '6'), ('qualifiers_unknown', '6'), ('qualified', '5')])

    def test_steps(self):
        joint = self.join('tampered the_applicant', 'qualified', 'not_revoked')
        self.assertEqual([
            [finding.code for finding in joint.get_step(step)] for step in (*trust.STEPS, None)],
            [['tampered'], ['qualified'], ['not_revoked'], ['the_applicant']])

    def test_who_may_override(self):
        for file_code, trust_code, overridable, for_manager in (
                ('other_document', 'qualified', True, False), ('other_document', 'issuer_not_listed', True, True),
                ('signature_intact', 'not_granted_now', True, True), ('tampered', 'issuer_not_listed', False, True),
                ('signature_intact', 'revoked', False, False), ('other_document', 'issuer_forged', False, False)):
            with self.subTest(codes=(file_code, trust_code)):
                joint = self.join(file_code, trust_code)
                self.assertEqual((joint.overridable, joint.is_for_manager), (overridable, for_manager))

    def test_told_without_names(self):
        """Of what is found of a file as a whole the signer is told without naming anybody."""
        for code in ('verification_failed', 'openapi_not_verified'):
            self.assertTrue(fill(SIGNER_WORDS[code], {}))

    def test_said_once(self):
        self.assertEqual(self.codes(self.join('certificate_missing', 'certificate_missing')), 'certificate_missing')
