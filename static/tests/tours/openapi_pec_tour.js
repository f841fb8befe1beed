import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";

/** The step that shows in which state the filing is. */
function inState(state, content) {
    return { content, trigger: `.o_arrow_button_current[data-value=${state}]` };
}

/** Ask the service once it has had a moment: its states advance by themselves. */
const refresh = {
    content: "Ask the service",
    trigger: "button[name=action_refresh]",
    run: async ({ click }) => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        await click();
    },
};

registry.category("web_tour.tours").add("openapi_pec_communicate", {
    steps: () => [
        {
            content: "Press Communicate PEC on the company's form",
            trigger: "button[name=action_openapi_pec_communicate]",
            run: "click",
        },
        {
            content: "The filing is prepared: submit it",
            trigger: "button[name=action_open_submit]",
            run: "click",
        },
        {
            content: "Confirm the price",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        inState("code_requested", "The service has accepted it"),
        refresh,
        inState("awaiting_documents", "It waits for its signature, with the power of attorney at hand"),
        {
            content: "Upload the signed power of attorney",
            trigger: ".o_field_widget[name=signed_procura_file] .o_select_file_button",
            async run() {
                const signed = await (await fetch("/openapi_pec_tour/signed.p7m")).blob();
                const file = new File([signed], "procura.pdf.p7m");
                await inputFiles(".o_field_widget[name=signed_procura_file] input[type=file]", [file]);
            },
        },
        {
            content: "Save, for the button to appear",
            trigger: ".o_form_button_save",
            run: "click",
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
    ],
});
