{
    'name': "PEC Registro Imprese: Job Queue",
    'version': '19.0.1.0.0',
    'category': 'Accounting/Localizations',
    'summary': "Make the calls of PEC Registro Imprese in jobs of OCA's queue_job, on all servers at a time",
    'author': "l10n_it_openapi_pec contributors",
    'website': 'https://pec.openapi.it',
    'license': 'LGPL-3',
    'depends': ['l10n_it_openapi_pec', 'queue_job'],
    'data': ['data/queue_job_data.xml'],
    'auto_install': True,
}
