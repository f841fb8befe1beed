"""Names, places and provinces, as the API wants them.

The specification's samples write names and municipalities in lower case ("mario", "roma"), provinces in upper case ("RM"), and
ask for no form of the former. So capitals and accents stay as they were typed: only white space that nobody means is taken away.
"""
import re
import unicodedata

WHITE_SPACE = re.compile(r'\s+')
PROVINCE = re.compile(r'[A-Z]{2}')


def normalize_text(text):
    """Return a name or a place on one line, its accents composed, without surrounding or doubled white space.

    :param text: a string, or anything else for none.
    :rtype: str
    """
    return WHITE_SPACE.sub(' ', unicodedata.normalize('NFC', text)).strip() if isinstance(text, str) else ''


def normalize_province(province):
    """Return a province's abbreviation (*sigla*) in upper case.

    :param province: a string, or anything else for none.
    :rtype: str
    """
    province = normalize_text(province)
    return province.upper() if province.isascii() else province


def judge_province(province, known):
    """Tell whether a text can be a province.

    :param province: as for :func:`normalize_province`.
    :param known: the abbreviations that are known. Another one may be new: Sardinia was divided anew in 2025.
    :return: 'province_known', 'province_unknown'; 'missing' or 'province_form' (anything but two letters).
    :rtype: str
    """
    province = normalize_province(province)
    if not province:
        return 'missing'
    if not PROVINCE.fullmatch(province):
        return 'province_form'
    return 'province_known' if province in known else 'province_unknown'
