"""Photographs of a document, made into a PDF, within bounds, whatever the bytes.

Pictures are decoded by Pillow, which hostile files can make allocate and compute without end. As in ``pdf.py``, this
very file, as a program, does it in a process of its own that may take so much memory and time and no more. Pillow gets
JPEG and PNG alone, and no more pixels than a good camera makes. The picture is turned as it was held, made as small as
one can still read it, and put on a page no larger than A4. What a camera adds (place, time, its name) is left behind.
"""
import io
import math
import os
import re
import sys

if __package__:
    from . import bounded, pdf
else:  # a program, which has no package
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import bounded
    import pdf

TIME_LIMIT = 8  # seconds of processor time
MAX_MEGAPIXELS = 60  # of the picture; that of a phone has 12 or 50
SHORTEST_SIDE = 300  # pixels that it has at least: nobody reads a card of fewer
LONGEST_SIDE = 2400  # pixels that are kept: about 200 on each inch of A4
QUALITY = 85  # of the JPEG within the PDF
A4 = (8.27, 11.69)  # inches

# what a picture is -> its first bytes. HEIC, which phones of Apple make, cannot be read here.
KINDS = {
    'jpeg': re.compile(rb'\xff\xd8\xff'),
    'png': re.compile(rb'\x89PNG\r\n\x1a\n'),
    'heic': re.compile(rb'.{4}ftyp(?:heic|heix|heim|heis|hevc|hevx|hevm|hevs|mif1|msf1)', re.DOTALL),
}
READABLE = ('JPEG', 'PNG')  # as Pillow calls them


# ------------------------------------------------------------ in the server

def get_kind(content):
    """Return what a picture is, by its first bytes: a key of ``KINDS``; None for any other file.

    :param bytes content: the file.
    """
    return next((kind for kind, start in KINDS.items() if start.match(content)), None)


def to_pdf(content, max_size, patience=None):
    """Make a picture a PDF of one page.

    :param bytes content: the file, which may be anything.
    :param int max_size: in bytes, of the file and of the PDF.
    :param float patience: how many seconds the caller can wait, if that is less than what is given to a picture.
    :rtype: bytes
    :raise pdf.PdfError: it cannot be made: ``empty``, ``too_large`` (bytes); ``heic``; ``picture_too_large`` and
        ``picture_too_small`` (pixels), ``picture_damaged``, ``too_slow``.
    :raise pdf.OutOfTimeError: the caller's patience is at its end.
    :raise RuntimeError: this machine cannot read pictures at all, whatever the file.
    """
    if not content:
        raise pdf.PdfError('empty')
    if len(content) > max_size:
        raise pdf.PdfError('too_large')
    kind = get_kind(content)
    if kind == 'heic':
        raise pdf.PdfError('heic')
    if not kind:
        raise pdf.PdfError('picture_damaged')
    answer, result = pdf.run_bounded(__file__, [content], TIME_LIMIT, patience, max_size, max_size=max_size)
    if answer['code']:
        raise pdf.PdfError(answer['code'])
    return result


# ------------------------------------------------------------ in the process of its own

def main(source, target):
    """Read one task and its picture, write the answer: one line and the PDF.

    :param source: from which the server's task is read (a binary file).
    :param target: to which the answer is written.
    """
    task = bounded.begin(source)
    # Named, so that Pillow does not look for the formats of all its plugins.
    from PIL import Image, ImageOps, JpegImagePlugin, PdfImagePlugin, PngImagePlugin  # noqa: F401, PLC0415
    [content] = bounded.read_files(task, source, target)
    code, result = None, b''
    try:
        result = _convert(content, Image, ImageOps)
        if len(result) > task['max_size']:
            code, result = 'too_large', b''
    except pdf.PdfError as error:
        code = error.code
    except MemoryError:
        code = 'picture_too_large'
    except Exception:  # noqa: BLE001 - whatever a file makes the library raise
        code = 'picture_damaged'
    bounded.answer(target, {'code': code}, result)


def _convert(content, images, operations):
    """Return the PDF of a picture.

    :param images: the module ``PIL.Image``.
    :param operations: the module ``PIL.ImageOps``.
    :raise pdf.PdfError: it has too many pixels, or too few.
    :raise Exception: of any class, when it is damaged.
    """
    images.MAX_IMAGE_PIXELS = None  # counted here, before a pixel is read
    image = images.open(io.BytesIO(content), formats=READABLE)
    if math.prod(image.size) > MAX_MEGAPIXELS * 10**6:
        raise pdf.PdfError('picture_too_large')
    if min(image.size) < SHORTEST_SIDE:
        raise pdf.PdfError('picture_too_small')
    image.draft('RGB', (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read smaller at once
    image.load()
    image = operations.exif_transpose(image)
    if image.mode in ('P', 'PA', 'LA', '1'):
        image = image.convert('RGBA')
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if image.mode == 'RGBA':  # on white paper
        paper = images.new('RGB', image.size, 'white')
        paper.paste(image, mask=image.getchannel('A'))
        image = paper
    image = image.convert('RGB')
    image.info = {}
    page = A4 if image.width <= image.height else A4[::-1]
    output = io.BytesIO()
    image.save(output, 'PDF', quality=QUALITY, resolution=max(
        image.width / page[0], image.height / page[1]))
    return output.getvalue()


if __name__ == '__main__':
    bounded.run(main)
