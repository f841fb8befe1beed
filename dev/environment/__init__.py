"""The development environment of this addon: Odoo, PostgreSQL, Chromium and the Python packages.

Nothing is installed on the machine and nothing is written into the repository. What all checkouts share (downloads,
virtual environment) and what belongs to one checkout (database cluster, Odoo's data) lives in CACHE. Only the standard
library is used: this runs before the virtual environment exists.

Rooms, each importing only from those above it:

- ``place``: where everything is, and small helpers
- ``packages``: the virtual environment; Debian packages, unpacked and not installed
- ``odoo``: Odoo's source
- ``chromium``: the browser of the tests, and its fonts
- ``wkhtmltopdf``: what prints reports
- ``haproxy``: what stands before several servers
- ``cluster``: a PostgreSQL server of one's own
- ``postgres``: the checkout's server, which all its commands share; SQL
- ``running``: Odoo's processes and logs
- ``integrations``: addons of others, and ours that join them
- ``databases``: names, copies, and the template with what the addon depends on
- ``command``: how a command of ``dev`` begins and ends
"""
from .place import (
    ADDONS, CACHE, DEV, FILESTORE, LOGS, NAME, ROOT, STATE, Failure, call, digest, free_port, lock, manifest, say,
    workplace,
)
from .packages import bundled_pip, python, use_venv
from .odoo import odoo_source, odoo_version
from .chromium import get_chromium
from .wkhtmltopdf import get_wkhtmltopdf
from .haproxy import get_haproxy
from .cluster import Cluster, as_server_user, get_clusters_folder, get_programs
from .postgres import SOCKETS, client_environ, database, get_client, release_database, sql
from .running import ended, link, log_path, log_records, odoo_command, odoo_environ, odoo_process, run_odoo
from .integrations import get_integrations, integrations_environ
from .databases import copy_database, copy_files, database_exists, database_prefix, drop_database, template
from .command import exec_odoo, main
