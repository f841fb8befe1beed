"""The vendor's operations: name -> function (Call) -> Reply."""
from . import company, comunica_pec, const, domini_pec, pec

OPERATIONS = {
    const.LIST: comunica_pec.list_filings,
    const.CREATE: comunica_pec.create_filing,
    const.READ: comunica_pec.read_one,
    const.UPLOAD: comunica_pec.upload_documents,
    const.PROCURA: comunica_pec.download_procura,
    const.DOMAIN: domini_pec.look_up,
    const.AVAILABILITY: pec.check_availability,
    const.LIST_MAILBOXES: pec.list_mailboxes,
    const.CREATE_MAILBOX: pec.create_mailbox,
    const.READ_MAILBOX: pec.read_one,
    const.REVOKE: pec.revoke,
    const.ACTIVATION_FORM: pec.download_activation_form,
    const.ACTIVATE: pec.activate,
    const.RESIZE: pec.change_space,
    const.TRANSFORM: pec.change_type,
    const.START_STORAGE: pec.start_storage,
    const.STORAGE_FORM: pec.download_storage_form,
    const.ADD_USER: pec.add_user,
    const.RENEW: pec.renew,
    const.LOOK_UP_COMPANY: company.look_up_company,
    const.LOOK_UP_OFFICES: company.look_up_offices,
    const.LOOK_UP_PEC: company.look_up_pec,
    const.CHECK_ID: company.check_request,
    const.SEARCH: company.search,
}
