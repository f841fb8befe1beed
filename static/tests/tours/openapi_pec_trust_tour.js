import { registry } from "@web/core/registry";
import { picture } from "./tour_utils";

registry.category("web_tour.tours").add("openapi_pec_verify_again", {
    steps: () => [
        {
            content: "The authority was not asked yet",
            trigger: ".alert-warning:contains(has not been asked yet)",
        },
        { content: "Have it asked", trigger: "button[name=action_verify]", run: "click" },
        {
            content: "Three steps, all of them good",
            trigger: ".alert-success ol li:nth-child(3):contains(Not revoked):contains(is not revoked)",
        },
        { trigger: ".alert-success ol li:nth-child(2):contains(stands in the trusted list IT number 42)" },
        { trigger: ".alert-success ol li:nth-child(1):contains(fits the document)" },
        picture("trust-1-verdict"),
        { content: "It can be sent", trigger: "button.btn-primary[name=action_send_documents]" },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_trust_lists", {
    steps: () => [
        {
            content: "What is proposed was confirmed by nobody",
            trigger: ".o_list_view .o_data_row.text-muted:contains(C/2026/1944)",
        },
        { content: "All were compared", trigger: "thead .o_list_record_selector input", run: "click" },
        { trigger: "button[name=action_confirm]", run: "click" },
        { trigger: ".modal .btn-primary:contains(They Are the Same)", run: "click" },
        {
            content: "They are confirmed",
            trigger: ".o_list_view:not(:has(.o_data_row.text-muted)) .o_data_row td[name=confirmed_at]:not(:empty)",
        },
        picture("trust-2-anchors"),
    ],
});
