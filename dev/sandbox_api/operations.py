"""The vendor's operations: name -> function (Call) -> Reply."""
from . import comunica_pec, const, domini_pec, pec

OPERATIONS = {
    const.LIST: comunica_pec.list_filings,
    const.CREATE: comunica_pec.create_filing,
    const.READ: comunica_pec.read_one,
    const.UPLOAD: comunica_pec.upload_documents,
    const.PROCURA: comunica_pec.download_procura,
    const.DOMAIN: domini_pec.look_up,
    **pec.OPERATIONS,
}
