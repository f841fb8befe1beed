"""The checkout's databases: their names, their copies, and the template with what the addon depends on."""
import os
import shutil

from .odoo import odoo_version
from .place import FILESTORE, STATE, digest, lock, manifest, say
from .postgres import sql
from .running import run_odoo


def database_prefix():
    """Return what the names of this checkout's databases begin with: checkouts and machines may share a server."""
    file = STATE / 'id'
    if not file.exists():
        with lock(STATE / 'id.lock'):
            if not file.exists():
                temporary = STATE / 'id.tmp'
                temporary.write_text(os.urandom(4).hex())
                temporary.rename(file)
    return f'pec_{file.read_text()}_'


def database_exists(name):
    """Return whether there is a database of that name."""
    return bool(sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def drop_database(name):
    """Drop a database and its files, whoever uses it."""
    sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    sql(f'DROP DATABASE IF EXISTS "{name}"')
    shutil.rmtree(FILESTORE / name, ignore_errors=True)


def copy_database(source, target):
    """Copy a database that nobody uses, with its files. Odoo never changes a stored file, so links do."""
    sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    copy_files(source, target)


def copy_files(source, target):
    """Give a database the files of another one."""
    if (FILESTORE / source).exists():
        shutil.copytree(FILESTORE / source, FILESTORE / target, copy_function=os.link)


def rename_database(source, target):
    """Rename a database that nobody uses, with its files."""
    sql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')
    if (FILESTORE / source).exists():
        (FILESTORE / source).rename(FILESTORE / target)


def template(demo=True):
    """Return the name of a database with what the addon depends on: to be copied, not used. Make it if it lacks."""
    modules = sorted(manifest()['depends'])
    kind = f'{database_prefix()}template_{digest(demo, *modules)}_'
    name, temporary = kind + odoo_version(), f'{kind}tmp'
    with lock(STATE / 'template.lock'):
        if not database_exists(name):
            say(f'Creating a database with {", ".join(modules)}{" and demo data" if demo else ""} …')
            for old in sql(f"SELECT datname FROM pg_database WHERE starts_with(datname, '{kind}')"):
                drop_database(old)
            run_odoo(
                '-d', temporary, '-i', ','.join(modules), '--with-demo' if demo else '--without-demo',
                '--stop-after-init',
                log='template')
            # Whoever opens a page in a copy need not wait for its style sheets.
            run_odoo('shell', '-d', temporary, '--no-http', log='template_assets',
                     script="env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()\n")
            rename_database(temporary, name)
    return name
