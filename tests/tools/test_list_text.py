"""The text of uploaded lists, read within bounds in a process of its own."""
import io
import time
import zipfile

import openpyxl
from reportlab.pdfgen.canvas import Canvas

from odoo.tests import BaseCase
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.tools.upload import list_text, pdf

from .test_pdf import objects

SIZE = 20 * 2**20
CODE = '12485671007'


def make_pdf(*pages):
    """Return a PDF with some lines on each page."""
    file = io.BytesIO()
    canvas = Canvas(file)
    for lines in pages:
        for number, line in enumerate(lines):
            canvas.drawString(50, 800 - 15 * number, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def make_xlsx(*sheets):
    """Return an XLSX with some rows on each sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class TestListText(BaseCase):

    def assert_refused(self, code, content, size=SIZE):
        started = time.monotonic()
        with self.assertRaises(pdf.PdfError) as raised:
            list_text.read(content, size)
        self.assertEqual(raised.exception.code, code)
        self.assertLess(time.monotonic() - started, 2 * pdf.BUSY * list_text.TIME_LIMIT)

    def test_pdf(self):
        text = list_text.read(make_pdf([f"Alfa S.r.l. {CODE}"], ["alfa@pec.it"]), SIZE)
        self.assertIn(f"Alfa S.r.l. {CODE}", text.text)
        self.assertIn("alfa@pec.it", text.text)
        self.assertEqual((text.read, text.total), (2, 2))

    def test_xlsx(self):
        text = list_text.read(make_xlsx(
            [["Denominazione", "C.F.", "PEC"], ["Alfa", 743110157, "alfa@pec.it"], ["Beta", CODE, None]],
            [["Gamma", float(CODE), True]]), SIZE)
        self.assertEqual(text.text.splitlines(), [
            "Denominazione\tC.F.\tPEC", "Alfa\t00743110157\talfa@pec.it", f"Beta\t{CODE}", f"Gamma\t{CODE}"])
        self.assertEqual((text.read, text.total), (2, 2))

    def test_formulas_are_not_computed(self):
        text = list_text.read(make_xlsx([[f"={CODE}", CODE], ['=HYPERLINK("http://x")', "=cmd|'/C calc'!A0"]]), SIZE)
        self.assertEqual(text.text, CODE)

    def test_text(self):
        for content in (f"Società;{CODE}".encode(), f"Società;{CODE}".encode('cp1252'),
                        f"Società;{CODE}".encode('utf-8-sig'), b'\xff\xfe' + f"Società;{CODE}".encode('utf-16-le')):
            self.assertEqual(list_text.read(content, SIZE).text, f"Società;{CODE}")

    def test_what_is_no_list(self):
        for code, content in (
                ('empty', b''), ('no_list', b'\0\1\2\3' * 100), ('image', b'\x89PNG\r\n\x1a\n' + b'\0' * 100),
                ('old_excel', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 100), ('damaged', b'%PDF-1.4\nnothing'),
                ('damaged', b'PK\x03\x04' + b'x' * 100), ('no_text', make_pdf([]))):
            with self.subTest(code=code):
                self.assert_refused(code, content)
        self.assert_refused('too_large', b'x' * 101, 100)
        self.assert_refused('too_large', make_pdf([CODE]), 100)

    def test_a_zip_that_is_no_spreadsheet(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, 'w') as archive:
            archive.writestr('list.txt', CODE)
        self.assert_refused('damaged', file.getvalue())

    def replace_sheet(self, write):
        """Return an XLSX whose sheet is written by a function of ``(its file, what stood there)``."""
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(make_xlsx([[CODE]]))) as old, zipfile.ZipFile(
                file, 'w', zipfile.ZIP_DEFLATED) as archive:
            for name in old.namelist():
                with archive.open(name, 'w', force_zip64=True) as entry:
                    if name == 'xl/worksheets/sheet1.xml':
                        write(entry, old.read(name))
                    else:
                        entry.write(old.read(name))
        self.assertLess(len(file.getvalue()), SIZE)
        return file.getvalue()

    def test_zip_bomb(self):
        def write(entry, sheet):
            before, after = sheet.split(CODE.encode())
            entry.write(before)
            for _part in range(1500):
                entry.write(b'A' * 2**20)
            entry.write(after)

        content = self.replace_sheet(write)
        with self.assertRaises(pdf.PdfError) as raised:
            list_text.read(content, SIZE)
        self.assertIn(raised.exception.code, ('too_slow', 'damaged'))

    def test_rows_without_end(self):
        def write(entry, sheet):
            before, after = sheet.split(b'<sheetData>')
            row = b'<row><c t="inlineStr"><is><t>%s</t></is></c></row>' % (b'A' * 900)
            entry.write(before + b'<sheetData>')
            for _part in range(600):
                entry.write(row * 1000)
            entry.write(after)

        text = list_text.read(self.replace_sheet(write), SIZE)
        self.assertLess(len(text.text), 2 * list_text.MAX_TEXT)
        self.assertEqual((text.read, text.total), (0, 1), "it goes on")

    def test_entities(self):
        bomb = b'<!DOCTYPE l [<!ENTITY a0 "lol">%s]>' % b''.join(
            b'<!ENTITY a%d "%s">' % (number, b'&a%d;' % (number - 1) * 10) for number in range(1, 12))

        def write(entry, sheet):
            entry.write(bomb + sheet.replace(CODE.encode(), b'&a11;'))

        try:
            text = list_text.read(self.replace_sheet(write), SIZE).text
        except pdf.PdfError as error:
            self.assertIn(error.code, ('too_slow', 'damaged'))
        else:
            self.assertLess(len(text), 1000, "nothing was filled in")

    def test_a_pdf_that_leads_round_in_circles(self):
        for content in (
                objects(b'<</Type/Catalog/Pages 2 0 R>>', b'<</Type/Pages/Kids[2 0 R]/Count 1>>'),
                objects(b'<</Type/Catalog/Pages 2 0 R>>', b'<</Type/Pages/Kids[]/Count 0>>', repeat=True)):
            with self.assertRaises(pdf.PdfError) as raised:
                list_text.read(content, SIZE)
            self.assertIn(raised.exception.code, ('too_slow', 'damaged'))

    @mute_logger('PyPDF2', 'pypdf')
    def test_pages_that_form_a_circle_or_unpack_without_end(self):
        stream = b'<</Length 20>>stream\nq /X Do Q BT ET Q  \nendstream'
        circle = objects(
            b'<</Type/Catalog/Pages 2 0 R>>', b'<</Type/Pages/Kids[3 0 R]/Count 1>>',
            b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>', stream,
            b'<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length 20>>'
            b'stream\nq /X Do Q BT ET Q  \nendstream')
        self.assert_refused('no_text', circle)

    def test_what_was_read_in_time_is_kept(self):
        pages = [[f"{CODE} {'x' * 60}"] * 50] * 40
        self.patch(list_text, 'TIME_LIMIT', list_text.SPARE + 0.5)
        try:
            text = list_text.read(make_pdf(*pages * 5), SIZE)
        except pdf.PdfError as error:
            self.skipTest(f"a machine that reads no page in this time ({error.code})")
        self.assertEqual(text.total, 200)
        self.assertLess(text.read, text.total)
        self.assertIn(CODE, text.text)
