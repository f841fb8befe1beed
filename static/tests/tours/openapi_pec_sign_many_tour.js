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
        { content: "The service signs", trigger: `${head} .o_openapi_pec_signing:contains(30)`, timeout: SLOW },
        picture("sign-many-2-signing"),
        { content: "All are signed", trigger: `${head} .o_openapi_pec_signing:contains(30 signed)`, timeout: SLOW },
        {
            content: "There is nothing left to sign",
            trigger: `${head}:not(:has(button[name=action_open_sign_many]))`,
            timeout: SLOW,
        },
        picture("sign-many-3-signed"),
    ],
});
