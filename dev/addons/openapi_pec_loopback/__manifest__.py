{
    'name': "PEC Registro Imprese: Trust on This Machine",
    'summary': "For `make run` and `make demo` alone: trusted lists and authorities of the local sandbox API.",
    'version': '19.0.1.0.0',
    'category': 'Hidden',
    'author': "l10n_it_openapi_pec contributors",
    'website': "https://pec.openapi.it",
    'license': 'LGPL-3',
    'depends': ['l10n_it_openapi_pec'],
}
