import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";
import { inState, leaveAndComeBack, picture, refresh } from "./tour_utils";

/** Upload a PDF, which the test serves, into a field. */
function upload(content, field, url) {
    return {
        content,
        trigger: `.o_field_widget[name=${field}] .o_select_file_button`,
        async run() {
            const blob = await (await fetch(url)).blob();
            await inputFiles(`.o_field_widget[name=${field}] input[type=file]`, [new File([blob], `${field}.pdf`)]);
        },
    };
}

const fillForm = [
    {
        content: "Ask for the form",
        trigger: "button[name=action_fetch_form]",
        run: "click",
    },
    {
        content: "It can be downloaded",
        trigger: ".o_field_widget[name=form_file]:contains(.pdf)",
    },
    upload("Upload the signed form", "signed_form", "/openapi_pec_tour/form.pdf"),
    upload("Upload the identity document", "identity_document", "/openapi_pec_tour/identity.pdf"),
];

const activate = [
    {
        content: "Send them",
        trigger: "button[name=action_send_documents]",
        run: "click",
    },
    inState("activating", "The provider has the documents"),
    refresh,
    inState("active", "It is active"),
];

registry.category("web_tour.tours").add("openapi_pec_buy_mailbox", {
    steps: () => [
        {
            content: "Press Buy a PEC on the company's form",
            trigger: "button[name=action_openapi_pec_buy]",
            run: "click",
        },
        {
            content: "What the type is for and what it costs is told",
            trigger: ".modal .o_field_widget[name=purpose]:contains(1 GB)",
        },
        {
            content: "Of another type the price is not known here",
            trigger: ".modal .o_field_widget[name=mailbox_type] label:contains(Bronze)",
            run: "click",
        },
        {
            content: "It says so",
            trigger: ".modal .text-muted:contains(In the sandbox nothing is paid)",
        },
        {
            content: "Choose Standard",
            trigger: ".modal .o_field_widget[name=mailbox_type] label:contains(Standard)",
            run: "click",
        },
        {
            content: "Its price is known",
            trigger: ".modal .o_field_widget[name=price]:contains(11.00)",
        },
        {
            content: "Type an address that somebody has, without leaving the field",
            trigger: ".modal .o_openapi_pec_mailbox_address input",
            run: "edit presa",
        },
        {
            content: "It is told while one types",
            trigger: ".modal [data-availability=taken]:contains(presa@testcert.legalmail.it is taken)",
        },
        {
            content: "Type something that no address can be",
            trigger: ".modal .o_openapi_pec_mailbox_address input",
            run: "edit non valida",
        },
        {
            content: "It is told as well",
            trigger: ".modal [data-availability=wrong]",
        },
        {
            content: "Choose a proposal",
            trigger: ".modal .o_openapi_pec_mailbox_address button:contains(falegnameria):first",
            run: "click",
        },
        {
            content: "It is free",
            trigger: ".modal [data-availability=free]:contains(is free)",
        },
        picture("mailbox-1-wizard"),
        {
            content: "Go on",
            trigger: ".modal button[name=action_prepare]",
            run: "click",
        },
        {
            content: "The draft says what is missing",
            trigger: ".alert-danger:contains(Customer Subtype is missing)",
        },
        picture("mailbox-2-draft"),
        {
            content: "Choose the kind of business",
            trigger: ".o_field_widget[name=customer_subtype] input",
            run: "click",
        },
        {
            content: "Building",
            trigger: ".o_select_menu_item:contains(Building)",
            run: "click",
        },
        {
            content: "Nothing stands against it any more",
            trigger: ".alert-success:contains(No problem was found)",
        },
        {
            content: "Buy it",
            trigger: "button[name=action_open_buy]",
            run: "click",
        },
        {
            content: "The price is asked for",
            trigger: ".modal .o_field_widget[name=price]:contains(11.00)",
        },
        picture("mailbox-3-confirm"),
        {
            content: "Confirm it",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        inState("registered", "It is bought, and not active yet"),
        ...fillForm,
        {
            content: "They can be sent at once",
            trigger: "button[name=action_send_documents]",
        },
        picture("mailbox-4-form", ".o_field_widget[name=identity_document]"),
        ...leaveAndComeBack("button[name=action_openapi_pec_mailboxes]"),
        ...activate,
        {
            content: "What can be added is here",
            trigger: ".o_notebook a:contains(Space and Users)",
        },
        picture("mailbox-5-active"),
        {
            content: "Communicate it to the register",
            trigger: "button[name=action_communicate]",
            run: "click",
        },
        {
            content: "The filing is prepared with the mailbox's address",
            trigger: ".o_field_widget[name=mailbox_id]:contains(falegnameria)",
        },
        {
            content: "Nothing stands against it",
            trigger: "button[name=action_open_submit]",
        },
        {
            content: "Go back to the mailbox",
            trigger: ".breadcrumb-item a:contains(testcert.legalmail.it), .o_back_button",
            run: "click",
        },
        {
            content: "It knows its communication",
            trigger: "button[name=action_open_communications]:contains(1)",
        },
    ],
});

// In Italian: fields and buttons are found by their names.
registry.category("web_tour.tours").add("openapi_pec_unknown_price", {
    steps: () => [
        {
            content: "Press Buy a PEC on the company's form",
            trigger: "button[name=action_openapi_pec_buy]",
            run: "click",
        },
        {
            content: "Choose Bronze, whose price nobody has noted",
            trigger: ".modal .o_field_widget[name=mailbox_type] label:contains(Bronze)",
            run: "click",
        },
        {
            content: "It says so",
            trigger: ".modal .text-warning",
        },
        {
            content: "Type an address",
            trigger: ".modal .o_openapi_pec_mailbox_address input",
            run: "edit falegnameria.prova.bronze",
        },
        {
            content: "It is free",
            trigger: ".modal [data-availability=free]",
        },
        {
            content: "Go on",
            trigger: ".modal button[name=action_prepare]",
            run: "click",
        },
        {
            content: "The button for the next step is there, whatever is missing",
            trigger: ".o_form_view:has(.alert-danger) .o_form_statusbar button.btn-primary[name=action_open_buy]",
        },
        {
            content: "Choose the kind of business",
            trigger: ".o_field_widget[name=customer_subtype] input",
            run: "click",
        },
        {
            content: "Building",
            trigger: ".o_select_menu_item:contains(Edil)",
            run: "click",
        },
        {
            content: "Buy it",
            trigger: ".o_form_view:has(.alert-success) button[name=action_open_buy]",
            run: "click",
        },
        {
            content: "The price is not known: it is asked for",
            trigger: ".modal:not(:has(.o_field_widget[name=price])) .o_field_widget[name=typed_price] input",
            run: "edit 23,50",
        },
        picture("mailbox-8-price"),
        {
            content: "Confirm it",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        inState("registered", "It is bought"),
        ...fillForm,
        ...activate,
        {
            content: "Where it is entered is told",
            trigger: ".o_field_widget[name=webmail] a[href*='webmail.infocert.it'], a.o_field_widget[name=webmail]",
        },
        {
            content: "So is its code, to a manager",
            trigger: ".o_field_widget[name=activation_code]:not(:empty)",
        },
        picture("mailbox-9-enter", ".o_field_widget[name=webmail]"),
    ],
});

registry.category("web_tour.tours").add("openapi_pec_renew_mailbox", {
    steps: () => [
        {
            content: "Press Renew",
            trigger: "button[name=action_open_renew]",
            run: "click",
        },
        {
            content: "For two years",
            trigger: ".modal .o_field_widget[name=years] label:contains(2)",
            run: "click",
        },
        {
            content: "When it will expire is told",
            trigger: ".modal .o_field_widget[name=new_expiry]:contains(2092)",
        },
        {
            content: "That nothing is paid is told",
            trigger: ".modal p:contains(Nothing is paid):not(.d-none)",
        },
        picture("mailbox-6-renew"),
        {
            content: "Confirm it",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "It is renewed",
            trigger: ".o_form_view:not(:has(.modal)) .o_field_widget[name=expires_on]:contains(2092)",
        },
        {
            content: "The chatter tells it",
            trigger: ".o-mail-Message:contains(Renewed)",
        },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_revoke_mailbox", {
    steps: () => [
        {
            content: "Press Revoke",
            trigger: "button[name=action_open_revoke]",
            run: "click",
        },
        {
            content: "It says what stands in the register with this address",
            trigger: ".modal .alert-danger .o_field_widget[name=filing_names]:contains(Filed)",
        },
        {
            content: "It offers to remove the address from the contact",
            trigger: ".modal:has(.o_field_widget[name=domicile_names]:contains(Falegnameria)) .o_field_widget[name=takes_domicile_away] input:checked",
        },
        {
            content: "Type another address",
            trigger: ".modal .o_field_widget[name=typed_address] input",
            run: "edit altra@legalmail.it",
        },
        picture("mailbox-7-revoke"),
        {
            content: "Confirm it",
            trigger: ".modal button[name=action_confirm].btn-danger",
            run: "click",
        },
        {
            content: "It is not done",
            trigger: ".modal:contains(Type the address of the mailbox):contains(Nothing was sent or spent)",
        },
        {
            content: "Close the sentence",
            trigger: ".o_error_dialog footer button, .modal:contains(Nothing was sent or spent) footer .btn-primary",
            run: "click",
        },
        {
            content: "Type the right one",
            trigger: ".modal .o_field_widget[name=typed_address] input",
            run: "edit casella@testcert.legalmail.it",
        },
        {
            content: "Confirm it",
            trigger: ".modal button[name=action_confirm].btn-danger",
            run: "click",
        },
        {
            content: "It is revoked",
            trigger: ".o_field_widget[name=remote_state]:contains(revocata)",
        },
    ],
});

/** Fill in a field of a question. */
function fillIn(field, value) {
    return {
        content: `Fill in ${field}`,
        trigger: `.modal .o_field_widget[name=${field}] input`,
        run: `edit ${value}`,
    };
}

registry.category("web_tour.tours").add("openapi_pec_share_mailbox", {
    steps: () => [
        {
            content: "What can be added is here",
            trigger: ".o_notebook a:contains(Space and Users)",
            run: "click",
        },
        {
            content: "Add space",
            trigger: "button[name=action_open_modify]",
            run: "click",
        },
        {
            content: "There is no security archive that could be enlarged",
            trigger: ".modal:has(.o_field_widget[name=disk_space]):not(:has(.o_field_widget[name=archive_space]))",
        },
        {
            content: "Not now",
            trigger: ".modal footer button:contains(Not Now)",
            run: "click",
        },
        {
            content: "Add a user",
            trigger: "body:not(:has(.modal)) button[name=action_open_user]",
            run: "click",
        },
        fillIn("first_name", "Luca"),
        fillIn("last_name", "BIANCHI"),
        fillIn("description", "altro ufficio"),
        fillIn("email", "luca@example.com"),
        {
            content: "Leave the field",
            trigger: ".modal .o_field_widget[name=description] input",
            run: "click",
        },
        {
            content: "It says who there is already, before the click",
            trigger: ".modal .alert-warning .o_field_widget[name=users_like]:contains(luca@example.com)",
        },
        fillIn("reason", "For the other office"),
        {
            content: "Confirm it",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "There are two",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=mailbox_user_ids] .o_data_row:eq(1)",
        },
        {
            content: "Want legal storage",
            trigger: "button[name=action_want_storage]",
            run: "click",
        },
        upload("Upload the signed form", "signed_form", "/openapi_pec_tour/form.pdf"),
        {
            content: "Keep it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Give it up",
            trigger: ".o_form_saved button[name=action_give_up_storage]",
            run: "click",
        },
        {
            content: "What was uploaded goes: that is asked",
            trigger: ".modal:contains(What was uploaded for legal storage is deleted) footer button:contains(Give Up)",
            run: "click",
        },
        {
            content: "It could be wanted again",
            trigger: "body:not(:has(.modal)) button[name=action_want_storage]",
        },
        {
            content: "The chatter tells it",
            trigger: ".o-mail-Message:contains(Legal storage was given up)",
        },
    ],
});
