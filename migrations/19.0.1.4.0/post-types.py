"""Uploads that were kept are served as no web page, whatever they are."""


def migrate(cr, _version):
    cr.execute("""
        UPDATE ir_attachment
           SET mimetype = 'application/x-unknown', index_content = NULL
         WHERE mimetype ~ '^text/|ht|xml|script'
           AND (id IN (SELECT unnest(ARRAY[procura_id, signed_procura_id, identity_document_id])
                         FROM openapi_pec_communication)
                OR res_model = 'openapi_pec.mailbox' AND res_field IN ('signed_form', 'identity_document', 'delivery'))
    """)
