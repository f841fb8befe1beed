-- a copy of a production database must neither reach the production service nor hold its credentials
UPDATE res_company
   SET openapi_pec_environment = 'sandbox',
       openapi_pec_verify = false,
       openapi_pec_accounts = openapi_pec_accounts #- '{sandbox,home}' #- '{production,home}';

DELETE FROM openapi_pec_secret;

DELETE FROM ir_config_parameter
 WHERE key IN ('l10n_it_openapi_pec.base_url', 'l10n_it_openapi_pec.company_base_url',
               'l10n_it_openapi_pec.oauth_base_url');
