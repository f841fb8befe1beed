import { registry } from "@web/core/registry";
import { picture } from "./tour_utils";

const toDo = (name) => `.o_openapi_pec_steps [data-step=${name}]:not(:has(.o_openapi_pec_done))`;
const done = (name) => `.o_openapi_pec_steps [data-step=${name}]:has(.o_openapi_pec_done)`;
const input = (name) => `.modal .o_field_widget[name=${name}] input`;

/** E-mail and key are typed once; then what the token is for is changed. */
registry.category("web_tour.tours").add("openapi_pec_connect", {
    steps: () => [
        {
            content: "One click to connect",
            trigger: `${toDo("token")} button.btn-primary:contains(Connect with E-mail and Key)`,
            run: "click",
        },
        { trigger: input("email"), run: "edit mail@domain.com" },
        {
            content: "A key that the service does not know",
            trigger: input("api_key"),
            run: "edit wrong && press Tab",
        },
        picture("connect-1-question"),
        { trigger: ".modal footer button.btn-primary:contains(Connect)", run: "click" },
        {
            content: "It is said clearly",
            trigger: ".o_error_dialog:contains(does not accept this e-mail and API key)",
        },
        picture("connect-2-wrong-key"),
        { trigger: ".o_error_dialog footer button", run: "click" },
        {
            content: "What was typed stays; the key is not read back",
            trigger: ".modal:not(.o_error_dialog)",
            run() {
                const typed = document.querySelector(input("api_key"));
                if (typed.type !== "password" || typed.value === "wrong") {
                    throw new Error("The key is shown");
                }
            },
        },
        {
            content: "The right one",
            trigger: input("api_key"),
            run: "edit sandbox-key && press Tab",
        },
        { trigger: ".modal footer button.btn-primary:contains(Connect)", run: "click" },
        {
            content: "The overview says that it is connected",
            trigger: `body:not(:has(.modal)) .o_openapi_pec_overview:contains(Connected) ${done("test")}`,
        },
        picture("connect-3-connected"),
    ],
});

registry.category("web_tour.tours").add("openapi_pec_connect_change", {
    steps: () => [
        { trigger: ".o_data_row td[name=email]:contains(mail@domain.com)", run: "click" },
        {
            content: "How the token lives",
            trigger: ".o_field_widget[name=token_sentence]:contains(renewed by itself)",
        },
        picture("connect-4-account"),
        { trigger: ".o_statusbar_buttons button:contains(Change)", run: "click" },
        { trigger: input("uses_mailboxes"), run: "click" },
        picture("connect-5-change"),
        { trigger: ".modal footer button.btn-primary:contains(Change)", run: "click" },
        {
            content: "Another token has taken its place",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=token_ids] .o_data_row:contains(To Be Deleted)",
        },
        picture("connect-6-changed"),
        { trigger: ".o_statusbar_buttons button:contains(Disconnect)", run: "click" },
        { trigger: ".modal footer button.btn-primary", run: "click" },
        {
            content: "It is disconnected, and can be connected anew",
            trigger: "body:not(:has(.modal)) .o_statusbar_buttons button:contains(Connect)",
        },
    ],
});
