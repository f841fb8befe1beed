import { registry } from "@web/core/registry";
import { inState, picture } from "./tour_utils";

registry.category("web_tour.tours").add("openapi_pec_certificate", {
    steps: () => [
        { content: "On the contact of who signs", trigger: "button[name=action_openapi_pec_buy_certificate]", run: "click" },
        { content: "The question says what it costs", trigger: ".modal:contains(In the sandbox nothing is paid)" },
        picture("certificate-1-question"),
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        inState("ordered", "It is bought"),
        { content: "There he identifies himself", trigger: ".alert .o_field_widget[name=link] a[href^='https://']" },
        picture("certificate-2-link"),
        { content: "He has done so", trigger: "button[name=action_refresh]", run: "click" },
        inState("active", "It can be used"),
        { content: "It says how long", trigger: ".o_field_widget[name=expires_at]" },
        picture("certificate-3-active"),
        { content: "Back to the contact", trigger: ".o_breadcrumb .breadcrumb-item:last-of-type a, .o_back_button", run: "click" },
        { content: "It shows the certificate", trigger: "button[name=action_openapi_pec_certificates]:contains(1)" },
        picture("certificate-4-contact"),
        { trigger: "button[name=action_openapi_pec_certificates]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Ready to Sign)" },
        picture("certificate-5-list"),
    ],
});
