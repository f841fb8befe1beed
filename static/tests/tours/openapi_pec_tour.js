import { registry } from "@web/core/registry";

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
        {
            content: "The service has accepted it",
            trigger: ".o_arrow_button_current[data-value=code_requested]",
        },
        {
            content: "Ask the service until the power of attorney is ready",
            trigger: "button[name=action_refresh]",
            run: "click",
        },
        {
            content: "It waits for its signature, with the power of attorney at hand",
            trigger: ".o_arrow_button_current[data-value=awaiting_documents]",
        },
    ],
});
