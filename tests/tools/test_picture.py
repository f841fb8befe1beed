import io
import zlib
from unittest.mock import patch

from PIL import Image

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.upload import bounded, pdf, picture

MEGABYTE = 2**20


def make(kind='JPEG', size=(1200, 800), mode='RGB', **options):
    """Return a picture, as bytes."""
    output = io.BytesIO()
    Image.new(mode, size).save(output, kind, **options)
    return output.getvalue()


def make_bomb(side=30_000):
    """Return a PNG of a few kilobytes that has 900 million pixels."""
    def chunk(name, content):
        return (len(content).to_bytes(4, 'big') + name + content + zlib.crc32(name + content).to_bytes(4, 'big'))

    header = side.to_bytes(4, 'big') * 2 + bytes([1, 0, 0, 0, 0])
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(
        b'IDAT', zlib.compress(bytes((side // 8 + 1) * 100))) + chunk(b'IEND', b'')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPicture(BaseCase):
    """Photographs become PDFs; hostile ones are refused in bounded time and memory."""

    def setUp(self):
        super().setUp()
        self.enterContext(patch.object(bounded, 'BUSY', 10))  # however busy this machine is

    def assert_refused(self, code, content, max_size=20 * MEGABYTE):
        with self.assertRaises(pdf.PdfError) as caught:
            picture.to_pdf(content, max_size)
        self.assertEqual(caught.exception.code, code)

    def test_kinds(self):
        for content in (make(), make(mode='L'), make(mode='CMYK'), make('PNG', mode='RGBA'), make('PNG', mode='P')):
            made = picture.to_pdf(content, 20 * MEGABYTE)
            self.assertTrue(made.startswith(b'%PDF-'))
            self.assertEqual(pdf.judge(made, 20 * MEGABYTE), 1)

    def test_both_sides(self):
        sides = [picture.to_pdf(make(size=size), 20 * MEGABYTE) for size in ((1200, 800), (800, 1200))]
        self.assertEqual(pdf.judge(pdf.merge(sides, 20 * MEGABYTE), 20 * MEGABYTE), 2)

    def test_what_a_camera_adds_is_left_behind(self):
        exif = Image.Exif()
        exif[0x010f] = 'secret-camera'
        made = picture.to_pdf(make(exif=exif, comment=b'secret-comment'), MEGABYTE)
        self.assertNotIn(b'secret', made)

    def test_made_smaller(self):
        made = picture.to_pdf(make(size=(6000, 4000)), MEGABYTE)
        self.assertIn(f'/Width {picture.LONGEST_SIDE}'.encode(), made)

    def test_refused(self):
        self.assert_refused('empty', b'')
        self.assert_refused('too_large', make(), 100)
        self.assert_refused('heic', b'\0\0\0\x18ftypheic' + bytes(100))
        self.assert_refused('heic', b'\0\0\0\x18ftypmif1' + bytes(100))
        self.assert_refused('picture_damaged', make()[:400])
        self.assert_refused('picture_damaged', b'\xff\xd8\xff\xe0' + bytes(100))
        self.assert_refused('picture_damaged', b'GIF89a' + bytes(100))
        self.assert_refused('picture_damaged', b'%PDF-1.4')

    def test_bombs(self):
        self.assert_refused('picture_too_large', make_bomb())
        self.assertLess(len(picture.to_pdf(make_bomb(7000), MEGABYTE)), MEGABYTE)  # what is not there is black

    def test_too_small_to_be_read(self):
        for size in ((60, 40), (4000, 299)):
            self.assert_refused('picture_too_small', make(size=size))
        picture.to_pdf(make(size=(480, 300)), MEGABYTE)

    def test_patience(self):
        with self.assertRaises(pdf.OutOfTimeError):
            picture.to_pdf(make(), MEGABYTE, 0.001)
        with self.assertRaises(pdf.OutOfTimeError):
            picture.to_pdf(make(), MEGABYTE, -1)
