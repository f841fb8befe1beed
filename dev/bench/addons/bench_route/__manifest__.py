{
    'name': "A Route to Compare With",
    'summary': "For dev/bench alone, loaded by --load and never installed: a public route that makes one UPDATE.",
    'version': '19.0.1.0.0',
    'author': "l10n_it_openapi_pec contributors",
    'website': "https://pec.openapi.it",
    'license': 'LGPL-3',
    'depends': ['base'],
    'installable': False,
}
