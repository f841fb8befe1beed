import { registry } from "@web/core/registry";
import { picture } from "./tour_utils";

registry.category("web_tour.tours").add("openapi_pec_verify_by_openapi", {
    steps: () => [
        {
            content: "Nobody has had it verified",
            trigger: ".alert-warning:contains(Nobody has had this file verified by Openapi)",
        },
        { content: "Have it verified", trigger: "button[name=action_verify_by_openapi]", run: "click" },
        {
            content: "The question says that the document is sent, and what it costs",
            trigger: ".modal:contains(is sent to Openapi) .alert-info:contains(nothing is paid)",
        },
        picture("verification-1-question"),
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        {
            content: "Three steps, all of them good",
            trigger: ".alert-success ol li:nth-child(3):contains(is not revoked, says Openapi)",
        },
        { trigger: ".alert-success ol li:nth-child(2):contains(stands in a trusted list, says Openapi)" },
        { trigger: ".alert-success ol li:nth-child(1):contains(is whole, says Openapi)" },
        picture("verification-2-verdict"),
        { content: "It can be sent", trigger: "button.btn-primary[name=action_send_documents]" },
    ],
});
