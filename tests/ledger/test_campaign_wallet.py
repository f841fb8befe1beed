from chaos import wallet

from odoo.tests import TransactionCase, tagged

PAID, LOST, FOUND = ("a", 'accepted', False, 1570), ("b", 'lost', False, 1570), ("c", 'accepted', True, 1570)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCampaignWallet(TransactionCase):
    """The comparison with which the fault campaign ends: it is equal, explained line by line, or fails."""

    def test_equal(self):
        self.assertEqual(wallet.compare([1570], [PAID]), ({}, []))
        self.assertEqual(wallet.compare([1570], [PAID, LOST]), ({}, []), "what was lost was not paid")
        self.assertEqual(wallet.compare([], [("d", 'refused', False, 1570)]), ({}, []))

    def test_explained(self):
        for line in (LOST, FOUND):
            self.assertEqual(wallet.compare([1570, 1570], [PAID, line]), ({}, [line[0]]))
        self.assertEqual(wallet.compare([1570], [], ["twice"]), ({}, ["twice"]))

        unknown = ("e", 'accepted', False, None)
        self.assertEqual(wallet.compare([999], [unknown]), ({}, ["e"]))
        self.assertIn(999, wallet.compare([999, 999], [unknown])[0], "it explains one")

    def test_it_can_fail(self):
        self.assertIn(1570, wallet.compare([1570, 1570], [PAID])[0], "charged without a call")
        self.assertIn(1570, wallet.compare([], [PAID])[0], "called without a charge")
        wrong, _explained = wallet.compare([1650], [PAID])
        self.assertEqual(sorted(wrong), [1570, 1650], "another price")
        self.assertIn(1570, wallet.compare([1570] * 3, [PAID, LOST])[0])
