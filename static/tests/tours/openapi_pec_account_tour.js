import { registry } from "@web/core/registry";
import { askWithWallet, inState, picture } from "./tour_utils";

const input = (name) => `.modal .o_field_widget[name=${name}] input`;

/** From e-mail and key to the balance; what is spent then stands in the ledger (openapi_pec_ledger). */
registry.category("web_tour.tours").add("openapi_pec_connect_to_pay", {
    steps: () => [
        {
            content: "One click to connect",
            trigger: ".o_openapi_pec_steps [data-step=token] button.btn-primary:contains(Connect with E-mail and Key)",
            run: "click",
        },
        { trigger: input("email"), run: "edit mail@domain.com" },
        { trigger: input("api_key"), run: "edit production-key && press Tab" },
        { trigger: ".modal footer button.btn-primary:contains(Connect)", run: "click" },
        {
            content: "The overview says that it is connected, and what the wallet holds",
            trigger: "body:not(:has(.modal)) .o_openapi_pec_overview:contains(Connected) .o_openapi_pec_wallet:contains(EUR 100.00)",
        },
        picture("account-1-balance"),
    ],
});

registry.category("web_tour.tours").add("openapi_pec_spend", {
    steps: () => [
        ...askWithWallet,
        picture("account-2-question"),
        { trigger: ".modal footer button[name=action_confirm]:visible", run: "click" },
        inState("code_requested", "It is filed"),
    ],
});
