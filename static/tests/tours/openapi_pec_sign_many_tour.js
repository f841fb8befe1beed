import { registry } from "@web/core/registry";
import { SLOW, picture } from "./tour_utils";

const head = ".o_openapi_pec_worklist_head";
const question = ".modal .o_openapi_pec_sign_many";

registry.category("web_tour.tours").add("openapi_pec_sign_many", {
    steps: () => [
        {
            content: "Open the lines of the multiple filing",
            trigger: ".o_form_view button[name=action_open_worklist].btn-primary",
            run: "click",
        },
        { content: "Sign them all", trigger: `${head} button[name=action_open_sign_many]`, run: "click" },
        {
            content: "It says how many, and in whose name",
            trigger: `${question}:contains(30 powers of attorney are signed in the name of Anna Bianchi)`,
        },
        {
            content: "Nothing is signed before the mandates are declared",
            trigger: ".modal footer:not(:has(button[name=action_confirm]))",
        },
        picture("sign-many-1-question"),
        { content: "Declare it", trigger: `${question} .o_field_widget[name=has_mandates] input`, run: "click" },
        { content: "Sign", trigger: ".modal footer button[name=action_confirm]", run: "click" },
        {
            content: "It shows what becomes of them",
            trigger: `${question} .o_openapi_pec_signing .o_field_widget[name=signing_sentence]:contains(30 being signed)`,
            timeout: SLOW,
        },
        picture("sign-many-2-signing"),
        { content: "Close it", trigger: ".modal footer button:contains(Close)", run: "click" },
        { content: "All are signed", trigger: `${head} .o_openapi_pec_signing:contains(30 signed)`, timeout: SLOW },
        {
            content: "There is nothing left to sign",
            trigger: `${head}:not(:has(button[name=action_open_sign_many]))`,
            timeout: SLOW,
        },
        picture("sign-many-3-signed"),
    ],
});

function declareAndSign(button) {
    return [
        { content: "Sign them", trigger: button, run: "click" },
        { content: "Declare it", trigger: `${question} .o_field_widget[name=has_mandates] input`, run: "click" },
        { content: "Sign", trigger: ".modal footer button[name=action_confirm]", run: "click" },
        {
            content: "It shows what becomes of them",
            trigger: `${question} .o_field_widget[name=signing_sentence]:contains(being signed)`,
            timeout: SLOW,
        },
    ];
}

// From the form of the multiple filing, which shows by itself how far it is.
registry.category("web_tour.tours").add("openapi_pec_sign_many_form", {
    steps: () => [
        ...declareAndSign(".o_form_view button[name=action_open_sign_many]"),
        { content: "Close it", trigger: ".modal footer button:contains(Close)", run: "click" },
        { content: "They are being signed", trigger: ".o_form_view .alert-info:contains(4 being signed)" },
        { content: "All are signed", trigger: ".o_form_view .alert-info:contains(4 signed)", timeout: SLOW },
        { content: "There is nothing left to sign", trigger: ".o_form_view:not(:has(button[name=action_open_sign_many]))" },
    ],
});

// From a list, with the PIN of another certificate: it is told at once, with what to do.
registry.category("web_tour.tours").add("openapi_pec_sign_many_list", {
    steps: () => [
        { content: "Select them", trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        ...declareAndSign(".o_control_panel button[name=action_open_sign_many]").slice(0, -1),
        {
            content: "It says that the PIN is wrong, and who corrects it",
            trigger: `${question} .o_field_widget[name=signing_sentence]:contains(Have a system administrator correct it in the settings)`,
            timeout: SLOW,
        },
        picture("sign-many-4-wrong-pin"),
        { content: "Close it", trigger: ".modal footer button:contains(Close)", run: "click" },
        { content: "The list is there again", trigger: "body:not(:has(.modal)) .o_list_view" },
    ],
});
