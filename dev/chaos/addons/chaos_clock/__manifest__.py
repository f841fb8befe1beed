{
    'name': "The Clock of Chaos",
    'summary': "For dev/chaos alone, loaded by --load and never installed: a clock that can be moved, and shorter "
               "waits.",
    'version': '19.0.1.0.0',
    'author': "l10n_it_openapi_pec contributors",
    'website': "https://pec.openapi.it",
    'license': 'LGPL-3',
    'depends': ['base'],
    'installable': False,
}
