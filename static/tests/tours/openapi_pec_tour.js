import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";
import { inState, leaveAndComeBack, picture, refresh } from "./tour_utils";

/** Upload a file (a function that returns its content, a Blob) as the signed power of attorney, or into another field. */
function upload(content, getBlob, name = "procura.pdf.p7m", field = "signed_procura_file") {
    return {
        content,
        trigger: `.o_field_widget[name=${field}] .o_select_file_button`,
        async run() {
            await inputFiles(`.o_field_widget[name=${field}] input[type=file]`, [new File([await getBlob()], name)]);
        },
    };
}

/** Upload a file that the test serves as the identity document. */
function uploadIdentity(content, url, name) {
    return upload(content, async () => (await fetch(url)).blob(), name, "identity_document_file");
}

registry.category("web_tour.tours").add("openapi_pec_identity", {
    steps: () => [
        {
            content: "The signed power of attorney can be sent",
            trigger: "button[name=action_send_documents]",
        },
        uploadIdentity("Upload a picture that is called as a signed file", "/openapi_pec_tour/identity.jpg", "documento.p7m"),
        {
            content: "That it is left out is told beside it, with what to do",
            trigger: ".o_field_widget[name=identity_sentence].text-danger:contains(is not sent along):contains(Have it signed as well)",
        },
        ...leaveAndComeBack(),
        {
            content: "It is told still",
            trigger: ".o_field_widget[name=identity_sentence].text-danger:contains(is not sent along)",
        },
        uploadIdentity("Upload a signed file that is not called so", "/openapi_pec_tour/identity.p7m", "documento"),
        {
            content: "That it is sent along is told beside it",
            trigger: ".o_field_widget[name=identity_sentence].text-success:contains(is sent along)",
        },
        ...leaveAndComeBack(),
        {
            content: "It is told still",
            trigger: ".o_field_widget[name=identity_sentence].text-success:contains(is sent along)",
        },
        {
            content: "Deliver the documents",
            trigger: "button[name=action_send_documents]",
            run: "click",
        },
        inState("documents_uploaded", "The documents are delivered"),
        {
            content: "The chatter tells that it was sent along",
            trigger: ".o-mail-Message:contains(is sent along)",
        },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_receive", {
    steps: () => [
        {
            content: "The wizard asks for the zip",
            trigger: ".o_field_widget[name=attachment_ids] .o_attach",
        },
        picture("receive-1"),
        {
            content: "Upload the zip",
            trigger: ".o_field_widget[name=attachment_ids] .o_attach",
            async run() {
                const zip = await (await fetch("/openapi_pec_tour/back.zip")).blob();
                await inputFiles(".o_field_widget[name=attachment_ids] input[type=file]", [new File([zip], "back.zip")]);
            },
        },
        {
            content: "It is uploaded",
            trigger: ".o_attachment .caption:contains(back.zip)",
        },
        {
            content: "Have it read",
            trigger: "button[name=action_read]",
            run: "click",
        },
        {
            content: "The table tells what became of each file",
            trigger: ".o_data_row:contains(unsigned.pdf):contains(This PDF is not signed digitally)",
        },
        {
            content: "What is no signed file is left out",
            trigger: ".o_data_row:contains(.DS_Store):contains(Left Out)",
        },
        {
            content: "The good ones are ticked, others are not",
            trigger: ".o_data_row:contains(warned.p7m) td[name=is_ticked] input:not(:checked)",
        },
        picture("receive-2"),
        {
            content: "Tick the one that was looked at",
            trigger: ".o_data_row:contains(warned.p7m) td[name=is_ticked] input",
            run: "click",
        },
        {
            content: "Look at a filing before",
            trigger: ".o_data_row:contains(warned.p7m) button[name=action_open]",
            run: "click",
        },
        {
            content: "The filing is open",
            trigger: ".o_form_view .o_field_widget[name=pec_email]",
        },
        {
            content: "Come back to the table",
            trigger: ".breadcrumb-item a:contains(Receive Signed Files), .o_back_button",
            run: "click",
        },
        {
            content: "What was ticked is ticked still",
            trigger: ".o_data_row:contains(warned.p7m) td[name=is_ticked] input:checked",
        },
        {
            content: "Send them",
            trigger: "button[name=action_send]",
            run: "click",
        },
        {
            content: "What was sent is told",
            trigger: ".alert-success:contains(on their way to the service):contains(3)",
        },
        picture("receive-3"),
        {
            content: "Open a filing from its line",
            trigger: ".o_data_row:contains(Sent) button[name=action_open]",
            run: "click",
        },
        {
            content: "The filing is open",
            trigger: ".o_form_view .o_field_widget[name=pec_email]",
        },
        {
            content: "Go back to the table",
            trigger: ".breadcrumb-item a:contains(Receive Signed Files), .o_back_button",
            run: "click",
        },
        {
            content: "It is as it was",
            trigger: ".o_data_row:contains(unsigned.pdf)",
        },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_overview", {
    steps: () => [
        {
            content: "The list is open",
            trigger: ".o_list_view .o_data_row",
        },
        picture("many-1-list"),
        {
            content: "Look at the cards",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "They stand in the order of a filing's life, empty states included",
            trigger: ".o_kanban_group:nth-child(1):contains(Draft) ~ .o_kanban_group:contains(Documents Delivered) ~ .o_kanban_group:contains(Filed)",
        },
        {
            content: "No card is made here",
            trigger: ".o_kanban_view:not(:has(.o_kanban_quick_add, .o_column_quick_create, .o-kanban-button-new))",
        },
        picture("many-2-kanban"),
        {
            content: "Look at the calendar",
            trigger: ".o_switch_view.o_calendar",
            run: "click",
        },
        {
            content: "A filing stands on the day on which it is expected",
            trigger: ".o_calendar_view .fc-event",
        },
        picture("many-3-calendar"),
        {
            content: "Look at the table",
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            content: "It counts by month and state",
            trigger: ".o_pivot th:contains(To Be Signed)",
        },
        {
            content: "Look at the cards again",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "Open a card",
            trigger: ".o_kanban_record:contains(waits to be signed)",
            run: "click",
        },
        {
            content: "The form tells what goes on",
            trigger: ".o_form_view .o_field_widget[name=progress_sentence]:contains(waits to be signed)",
        },
        picture("many-4-form"),
    ],
});

registry.category("web_tour.tours").add("openapi_pec_communicate", {
    steps: () => [
        {
            content: "The company's form is open",
            trigger: "button[name=action_openapi_pec_communicate]",
        },
        picture("1-company"),
        {
            content: "Press Communicate PEC on the company's form",
            trigger: "button[name=action_openapi_pec_communicate]",
            run: "click",
        },
        {
            content: "The filing is prepared, and says what is missing",
            trigger: ".alert:contains(Mobile is missing)",
        },
        picture("2-prepared"),
        {
            content: "Complete it",
            trigger: ".o_field_widget[name=mobile] input",
            run: "edit 3401234518 && press Tab",
        },
        {
            content: "Nothing is missing any more",
            trigger: ".alert-success:contains(No problem was found)",
        },
        picture("3-complete"),
        {
            content: "Submit it",
            trigger: "button[name=action_open_submit]",
            run: "click",
        },
        {
            content: "The price is asked for",
            trigger: ".modal .o_field_widget[name=price]:contains(15.70)",
        },
        picture("4-price"),
        {
            content: "Confirm the price",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        inState("code_requested", "The service has accepted it"),
        picture("5-accepted"),
        refresh,
        inState("awaiting_documents", "It waits for its signature, with the power of attorney at hand"),
        {
            content: "The power of attorney can be downloaded",
            trigger: ".o_field_widget[name=procura_file]:contains(.pdf)",
        },
        picture("6-to-be-signed", ".o_field_widget[name=identity_document_file]"),
        upload("Upload the power of attorney by mistake unsigned", () => new Blob(["%PDF-1.7 not signed"])),
        {
            content: "The mistake is explained at once",
            trigger: ".alert-danger:contains(This PDF is not signed digitally)",
        },
        {
            content: "It cannot be sent",
            trigger: "body:not(:has(button[name=action_send_documents]))",
        },
        picture("7-not-signed"),
        upload("Upload the signed one", async () => (await fetch("/openapi_pec_tour/signed.p7m")).blob()),
        {
            content: "Who signed it is told before anything is sent",
            trigger: ".alert-success:contains(can be sent) td:contains(Mario Rossi)",
        },
        picture("8-signed"),
        ...leaveAndComeBack("button[name=action_openapi_pec_communications]"),
        {
            content: "It is good still",
            trigger: ".alert-success:contains(can be sent) td:contains(Mario Rossi)",
        },
        {
            content: "Deliver the documents",
            trigger: "button[name=action_send_documents]",
            run: "click",
        },
        inState("documents_uploaded", "The documents are delivered"),
        refresh,
        inState("completed", "The filing is completed"),
        {
            content: "The chatter tells it",
            trigger: ".o-mail-Message:contains(completed)",
        },
        picture("9-completed", ".o-mail-Chatter"),
    ],
});
