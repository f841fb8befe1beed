import threading

from odoo.tests import HttpCase, tagged

from ..service.test_tour import TourMixin
from .test_sign_many import SignManyCase


class SignManyTourCase(TourMixin, SignManyCase, HttpCase):
    """An accountant who signs many powers of attorney at once, in Chromium."""

    def follow_soon(self):
        """Run the jobs that read what became of signatures a moment after they are woken, as a server does."""
        Signature = type(self.env['openapi_pec.signature'])
        wake, planned = Signature._trigger_cron, []

        def run():
            with self.registry.cursor() as cr:
                for job in ('remote_signatures', 'uploads'):
                    self.env(cr=cr).ref(f'l10n_it_openapi_pec.ir_cron_{job}').method_direct_trigger()

        def wake_and_run(records, job, at=None):
            wake(records, job, at)
            if job == 'remote_signatures' and at is None and not planned:
                planned.append(job)
                timer = threading.Timer(6, run)
                self.addCleanup(timer.join)
                timer.start()

        self.patch(Signature, '_trigger_cron', wake_and_run)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignManyTour(SignManyTourCase):
    """Thirty at once, from the worklist."""

    def test_sign_many(self):
        self.follow_soon()
        self.start_tour(f'/odoo/pec-batches/{self.batch.id}', 'openapi_pec_sign_many', login=self.signer.login)
        self.assertEqual(set(self.filings.mapped('signature_level')), {'good'})
        self.assertEqual(len(self.sandbox.signatures()), self.count)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignFewTour(SignManyTourCase):
    """From the form of a multiple filing, and from a list."""
    count = 4

    def test_sign_in_the_form(self):
        self.follow_soon()
        self.start_tour(f'/odoo/pec-batches/{self.batch.id}', 'openapi_pec_sign_many_form', login=self.signer.login)
        self.assertEqual(set(self.filings.mapped('signature_level')), {'good'})

    def test_wrong_pin_in_a_list(self):
        self.use_certificate(self.username, "wrong")
        self.start_tour('/odoo/pec-communications', 'openapi_pec_sign_many_list', login=self.signer.login)
        self.assertEqual(self.get_outcomes()[0], ('failed', 'wrong_credentials'))
