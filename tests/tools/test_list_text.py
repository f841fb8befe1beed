"""The text of uploaded lists, read within bounds in a process of its own."""
import io
import time
import zipfile

import openpyxl
from reportlab.pdfgen.canvas import Canvas

from odoo.tests import BaseCase, tagged
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


@tagged('post_install_l10n', 'post_install', '-at_install')
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
            "Denominazione\tC.F.\tPEC", "Alfa\t743110157\talfa@pec.it", f"Beta\t{CODE}", f"Gamma\t{CODE}"])
        self.assertEqual((text.read, text.total, text.is_cut), (2, 2, False))

    def test_what_is_left_out_of_a_sheet_is_told(self):
        for row, is_cut in (
                ([CODE, 'x' * list_text.MAX_CELL], False), ([CODE, 'x' * (list_text.MAX_CELL + 1)], True),
                ([CODE] * list_text.MAX_CELLS, False), ([CODE] * (list_text.MAX_CELLS + 1), True)):
            with self.subTest(row=len(row), cell=len(row[-1])):
                self.assertIs(list_text.read(make_xlsx([row]), SIZE).is_cut, is_cut)

    def test_what_is_left_out_of_a_text_is_told(self):
        self.patch(list_text, 'MAX_TEXT', 20)
        for content, is_cut in ((b'x' * 20, False), (b'x' * 21, True), ('à'.encode('cp1252') * 21, True),
                                (b'\xff\xfe' + ('x' * 21).encode('utf-16-le'), True)):
            text = list_text.read(content, SIZE)
            self.assertEqual((len(text.text), text.is_cut), (20, is_cut))

    def test_a_page_and_all_pages_are_bounded(self):
        """By the very function that the process of its own calls, with a bound that a small file reaches."""
        self.patch(list_text, 'MAX_TEXT', 50)
        for pages, read, is_cut in (
                ([['x' * 70]], 1, True), ([['x' * 30]] * 3, 2, True), ([['x' * 30], ['x' * 5]], 2, False)):
            answer, kept = {'read': 0, 'total': 0}, list_text.Kept()
            list_text._get_pdf_reader()(make_pdf(*pages), answer, kept)
            self.assertLessEqual(len('\n'.join(kept.pieces)), list_text.MAX_TEXT)
            self.assertEqual((answer, kept.is_cut), ({'read': read, 'total': len(pages)}, is_cut))

    def test_no_more_is_taken_than_the_bound(self):
        """Whatever the process of its own answers."""
        answer = {'code': None, 'read': 1, 'total': 1, 'is_cut': False}
        self.patch(list_text, 'MAX_TEXT', 10)
        self.patch(pdf, 'run_bounded', lambda *_args, **_task: (answer, 'à'.encode() * 100))
        self.assertEqual(list_text.read(make_xlsx([[CODE]]), SIZE).text, 'à' * 10)

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
        self.assertLessEqual(len(text.text), list_text.MAX_TEXT)
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
