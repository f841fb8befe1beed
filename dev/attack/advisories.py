"""Packages that are pinned, against what is known of them."""
import json
import re
import shutil
import subprocess

from environment import DEV

PATIENCE = 120
NEVER = '9999'  # of a package that gets no fixes any more
# What is known of packages that this addon, or Odoo for it, feeds with what strangers send: package -> [(below which
# version, advisory, why it is well where an older one is pinned; empty: it is not)].
KNOWN = {
    'pypdf2': [(NEVER, 'CVE-2023-36464', (
        "a PDF of a stranger is looked at for loops and bombs first, and read in a process of its own with bounds "
        "(tools/upload)"))],
    'werkzeug': [
        ('3.0.6', 'CVE-2024-49767', ''), ('3.0.3', 'CVE-2024-34069', ''), ('2.3.8', 'CVE-2023-46136', ''),
        ('3.1.4', 'CVE-2025-66221', "only on Windows, and where files are sent by safe_join: no route here does")],
    'urllib3': [('2.6.0', 'CVE-2025-66418', ''), ('2.6.0', 'CVE-2025-66471', ''), ('1.26.19', 'CVE-2024-37891', '')],
    'requests': [('2.32.4', 'CVE-2024-47081', ''), ('2.31.0', 'CVE-2023-32681', '')],
    'jinja2': [('3.1.6', 'CVE-2025-27516', ''), ('3.1.5', 'CVE-2024-56326', '')],
    'cryptography': [('44.0.1', 'CVE-2024-12797', ''), ('43.0.1', 'CVE-2024-6119', '')],
    'pillow': [('10.3.0', 'CVE-2024-28219', ''), ('10.2.0', 'CVE-2023-50447', '')],
    'reportlab': [('3.6.13', 'CVE-2023-33733', '')],
    'lxml': [('4.9.1', 'CVE-2022-2309', '')],
    'lxml-html-clean': [('0.4.0', 'CVE-2024-52595', '')],
    'idna': [('3.7', 'CVE-2024-3651', '')],
    'aiohttp': [('3.12.14', 'CVE-2025-53643', '')],
}


def _read_pins():
    """Return the pinned packages: ``{name: version}``."""
    text = (DEV / 'requirements.txt').read_text()
    found = re.findall(r'^([\w.-]+)(?:\[.*\])?==([\w.]+)', text, re.MULTILINE)
    return {name.lower(): version for name, version in found}


def _key(version):
    return [int(part) for part in re.findall(r'\d+', version)]


def run(table):
    """Compare pins with the list, then ask `pip-audit` where that is there and has data."""
    pins = _read_pins()
    for name, advisories in KNOWN.items():
        for below, advisory, reason in advisories:
            is_older = name in pins and _key(pins[name]) < _key(below)
            table.add('pinned packages with advisories of the list', got_in=is_older and not reason,
                      example=f'{name} {pins.get(name)}: {advisory}, mended in {below}')
            if is_older and reason:
                table.notes.append(f'advisories: {name} {pins[name]}, {advisory}: {reason}')
    table.notes.append(
        f'advisories: {len(KNOWN)} of {len(pins)} pinned packages are in the list of this command, written by hand')
    _audit(table)


def _audit(table):
    program = shutil.which('pip-audit')
    if not program:
        table.notes.append('advisories: pip-audit is not on this machine: beyond the list nobody looked')
        return
    try:
        result = subprocess.run(
            [program, '--no-deps', '--disable-pip', '--format=json', '-r', DEV / 'requirements.txt'],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE)
        found = json.loads(result.stdout)['dependencies']
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        table.notes.append('advisories: pip-audit could not look (it has no data here): beyond the list nobody looked')
        return
    if skipped := [one['name'] for one in found if 'skip_reason' in one]:
        table.notes.append(f'advisories: pip-audit could not look at {", ".join(skipped)}')
    for package in found:
        known = {advisory for _below, advisory, reason in KNOWN.get(package['name'], ()) if reason}
        for one in package.get('vulns', ()):
            names = {one['id'], *one.get('aliases', ())}
            table.add('pinned packages with advisories (pip-audit)', got_in=not names & known,
                      example=f'{package["name"]} {package["version"]}: {one["id"]}')
