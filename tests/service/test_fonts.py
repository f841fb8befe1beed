from odoo.tests import tagged
from odoo.tests.common import ChromeBrowser

from ..signer.test_signer import SignerCase

# What Odoo's style sheets ask for before they take any face without serifs; see
# web/static/src/scss/primary_variables.scss.
SYSTEM_FACES = ('Segoe UI', 'Roboto', 'Helvetica Neue', 'Ubuntu', 'Noto Sans')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFonts(SignerCase):
    """The browser of the tours shows a page in a face that its users see: pictures are taken with it."""

    def faces(self, path, selector, login=None):
        """Return the faces of this machine in which the browser has drawn the text of some elements of a page."""
        faces = set()

        def collect(browser, *arguments, **keywords):
            for domain in ('DOM', 'CSS'):
                browser._websocket_request(f'{domain}.enable')
            page = browser._websocket_request('DOM.getDocument')['root']['nodeId']
            found = browser._websocket_request('DOM.querySelectorAll', params={'nodeId': page, 'selector': selector})
            for node in found['nodeIds']:
                fonts = browser._websocket_request('CSS.getPlatformFontsForNode', params={'nodeId': node})['fonts']
                faces.update(font['familyName'] for font in fonts if not font['isCustomFont'])

        self.patch(ChromeBrowser, '_wait_code_ok', collect)
        ready = f'document.readyState === "complete" && document.querySelector({selector!r}) !== null'
        self.browser_js(path, '', ready=ready, login=login)
        return faces

    def assert_users_face(self, faces):
        self.assertTrue(faces, "There is text")
        self.assertFalse({face for face in faces if not face.startswith(SYSTEM_FACES)})  # 'Roboto Medium'

    def test_backend(self):
        self.assert_users_face(self.faces(
            f'/odoo/pec-communications/{self.filing.id}', '.o_form_view .o_form_sheet *', login=self.manager.login))

    def test_signers_page(self):
        self.assert_users_face(self.faces(self.url(), 'main *'))
