"""Packages that are pinned, against advisories that were read in public databases."""
import re

from environment import DEV

# What concerns a pinned version, or one shortly before it: package -> [(first version with it, first without it; None
# while there is none, advisory, why a pinned version that has it is well here; empty: it is not)]. Each was read on 27
# November 2026, as a record of the CVE list, of OSV, of GitHub's advisories, or in the notes of the release that mends
# it. It is no complete list of anything.
READ = {
    'aiohttp': [('0', '3.14.3', 'CVE-2026-59881', ''), ('0', '3.14.3', 'CVE-2026-69243', ''),
                ('0', '3.14.3', 'CVE-2026-69244', '')],
    'cryptography': [
        ('44.0.0', '50.0.0', 'CVE-2026-69247',
         "it is about the decryption of PKCS#7 envelopes: neither this addon nor Odoo decrypts any"),
        ('0', '46.0.7', 'CVE-2026-39892', ''), ('0', '46.0.6', 'CVE-2026-34073', ''),
        ('0', '46.0.5', 'CVE-2026-26007', '')],
    'lxml': [('0', '6.1.0', 'CVE-2026-41066', '')],
    'pillow': [('0', '12.3.0', f'CVE-2026-{number}', '') for number in (55798, 59197, 59198, 59199, 59200)],
    'pypdf2': [
        ('2.2.0', None, 'CVE-2023-36464',
         "a PDF of a stranger is looked at for loops and bombs first, and read in a process with bounds")],
    'requests': [('0', '2.33.0', 'CVE-2026-25645', '')],
    'urllib3': [
        ('1.24', '2.6.0', 'CVE-2025-66418', ''), ('1.0', '2.6.0', 'CVE-2025-66471', ''),
        ('0', '2.6.3', 'CVE-2026-21441', ''), ('0', '2.7.0', 'CVE-2026-44431', ''),
        ('0', '2.7.0', 'CVE-2026-44432', '')],
    'werkzeug': [
        ('0', fixed, advisory, "it is about names of devices on Windows, where files are sent by safe_join")
        for fixed, advisory in (
            ('3.1.4', 'CVE-2025-66221'), ('3.1.5', 'CVE-2026-21860'), ('3.1.6', 'CVE-2026-27199'))],
}


def run(table):
    """Compare each pin with what was read."""
    found = re.findall(r'^([\w.-]+)(?:\[.*\])?==([\w.]+)', (DEV / 'requirements.txt').read_text(), re.MULTILINE)
    pins = {name.lower(): version for name, version in found}
    for name, advisories in READ.items():
        for first, fixed, advisory, reason in advisories:
            has_it = name in pins and _key(first) <= _key(pins[name]) and (not fixed or _key(pins[name]) < _key(fixed))
            table.add('pinned packages with advisories that were read', got_in=has_it and not reason,
                      example=f'{name} {pins.get(name)}: {advisory}, mended in {fixed or "no version"}')
            if has_it and reason:
                table.notes.append(f'{name} {pins[name]} has {advisory}: {reason}')
    table.notes.append(
        f'advisories: {len(READ.keys() & pins.keys())} of {len(pins)} pinned packages were looked at, in what was read '
        'of them by hand; of the others nobody looked, since there is no database of advisories here')


def _key(version):
    return [int(part) for part in re.findall(r'\d+', version)]
