import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";
import { inState, picture } from "./tour_utils";

/** Ask the service once it has had a moment: its states advance by themselves. */
const refresh = {
    content: "Ask the service",
    trigger: "button[name=action_refresh]",
    run: async ({ click }) => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        await click();
    },
};

/** Upload a file (a function that returns its content, a Blob) as the signed power of attorney. */
function upload(content, getBlob) {
    return {
        content,
        trigger: ".o_field_widget[name=signed_procura_file] .o_select_file_button",
        async run() {
            const file = new File([await getBlob()], "procura.pdf.p7m");
            await inputFiles(".o_field_widget[name=signed_procura_file] input[type=file]", [file]);
        },
    };
}

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
            trigger: ".alert-success:contains(Nothing was found)",
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
        picture("6-to-be-signed"),
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
        picture("9-completed"),
    ],
});
