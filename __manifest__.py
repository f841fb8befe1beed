{
    'name': "PEC Registro Imprese",
    'version': '19.0.1.0.0',
    'category': 'Accounting/Localizations',
    'summary': "Communicate PEC addresses to the Registro delle Imprese through Openapi",
    'author': "l10n_it_openapi_pec contributors",
    'website': 'https://pec.openapi.it',
    'license': 'LGPL-3',
    'depends': ['contacts', 'portal', 'l10n_it_edi'],
    'data': [],
    'installable': True,
}
