-- a copy of a production database must neither reach the production service nor hold its credentials
UPDATE res_company
   SET openapi_pec_environment = 'sandbox',
       openapi_pec_verify = NULL,
       openapi_pec_accounts = openapi_pec_accounts #- '{sandbox,home}' #- '{production,home}';

DELETE FROM openapi_pec_secret;

-- so no company uses an account any more, and no token is this database's to renew or to delete
UPDATE res_company
   SET openapi_pec_sandbox_account_id = NULL,
       openapi_pec_production_account_id = NULL;

UPDATE openapi_pec_account
   SET connection = 'none',
       expires_at = NULL,
       refused_at = NULL,
       token_problem = NULL;

UPDATE openapi_pec_token
   SET state = 'gone'
 WHERE state <> 'gone';

DELETE FROM ir_config_parameter
 WHERE key IN ('l10n_it_openapi_pec.base_url', 'l10n_it_openapi_pec.company_base_url',
               'l10n_it_openapi_pec.oauth_base_url', 'l10n_it_openapi_pec.signature_base_url');
