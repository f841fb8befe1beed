"""The addons of others, as they are published, with and without this one."""
import os
import re

import counted
import published

import environment
from environment import NAME
from plan import LEFT_OUT, OWN

# Names that partner_firstname keeps apart are taken as they are kept, and not guessed from the whole; what it has
# guessed itself, and the tax code contradicts, is not.
NAMES = """
people = env['res.partner'].create([
    {'lastname': "De Rossi Maria", 'firstname': "Anna"}, {'name': "Mario Rossi"},
    {'name': "Mario Rossi", 'l10n_it_codice_fiscale': 'RSSMRA80A01H501U'}])
print('KEPT', [(person.lastname, person.firstname) for person in people][:2] == [
    people[0]._openapi_pec_split_name(), people[1]._openapi_pec_split_name()])
print('SPLIT', people[2]._openapi_pec_split_name())
"""
EXPECTED = ['KEPT True', "SPLIT ('Rossi', 'Mario')"]


def run(table):
    """Compare them.

    :param table: gets rows
    """
    with environment.workplace() as folder:
        versions = published.fetch(folder)
        for name in (name for name, version in versions.items() if not version):
            table.add(name, 'not published for 19.0', '')
        there = [name for name, version in versions.items() if version]
        environ = environment.odoo_environ()
        env = {**environ, 'PYTHONPATH': os.pathsep.join((environ['PYTHONPATH'], str(folder / 'libraries')))}
        options = ('--addons-path', f'{environment.ADDONS},{folder / "addons"}')
        _compare(table, {name: versions[name] for name in there}, {'options': options, 'env': env})


def _compare(table, versions, how):
    """Compare the addons that are there.

    :param dict versions: addon -> version
    :param dict how: options of `counted.run` with which Odoo finds them
    """
    with counted.database('others') as alone:
        table.add('the addons of others install', 'installed', '', counted.install(alone, *versions, **how))
        with counted.database('before', alone) as beside:
            table.add(f'{NAME} installs after them', '', 'installed', counted.install(beside, NAME, **how))
            for module, version in versions.items():
                tags = f'/{module}'
                counts = [counted.run(target, module, tags, **how) for target in (alone, beside)]
                has_tests = any(count.tests for count in counts)
                table.add(f'{module} {version}', *(counts if has_tests else ('has no tests', 'has no tests')),
                          counted.compare(*counts) if has_tests else ())
            tags = ','.join((counted.own_tags(OWN), *(f'-/{NAME}:{test}' for test in LEFT_OUT)))
            count = counted.run(beside, NAME, tags, **how)
            table.add('a part of its own tests beside them', '', count, sorted(count.failed))
            table.add('names as partner_firstname keeps them', '', *_split_name(beside, how))
    with counted.database('after') as beside:
        problems = counted.install(beside, NAME, **how) + counted.install(beside, *versions, **how)
        table.add('the addons of others install after it', '', 'installed', problems)


def _split_name(target, how):
    """Return what is taken for surname and name, and what is wrong with it."""
    text = environment.run_odoo('shell', '-d', target, '--no-http', *how['options'], log='names', script=NAMES,
                                env=how['env'])
    said = [f'{word} {rest}' for word, rest in re.findall(r'(KEPT|SPLIT) (.*)$', text, re.MULTILINE)]
    return ', '.join(said), [] if said == EXPECTED else [f'expected {", ".join(EXPECTED)}']
