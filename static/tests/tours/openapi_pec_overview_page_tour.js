import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { picture } from "./tour_utils";

const row = (card, name) => `.o_openapi_pec_overview [data-card=${card}] [data-row=${name}]`;
const toDo = (name) => `.o_openapi_pec_steps [data-step=${name}]:not(:has(.o_openapi_pec_done))`;
const done = (name) => `.o_openapi_pec_steps [data-step=${name}]:has(.o_openapi_pec_done)`;
const token = ".o_field_widget[name=openapi_pec_token] input";

/** The steps that open the application from the menu of applications. */
const openApplication = (content) => stepUtils.goToAppSteps("l10n_it_openapi_pec.menu_root", content);

/** In Italian. */
registry.category("web_tour.tours").add("openapi_pec_first_steps", {
    steps: () => [
        ...openApplication("The application is found"),
        {
            content: "What is to be done stands there, in the reader's words",
            trigger: `.o_openapi_pec_overview:contains(Primi passi) ${toDo("account")}:contains(Aprire un account)`,
        },
        {
            content: "Where account and credit are had",
            trigger: `${toDo("account")} a[href="https://console.openapi.com"]`,
        },
        picture("overview-1-first-steps"),
        {
            content: "One click to the settings, where a token is pasted",
            trigger: `${toDo("token")} button:contains(Apri le impostazioni)`,
            run: "click",
        },
        {
            content: "Paste a token that the service does not know",
            trigger: token,
            run: "edit sbagliato && press Tab",
        },
        {
            content: "It is said beside it",
            trigger: ".o_field_widget[name=openapi_pec_token_problem]:contains(non accetta questo token)",
        },
        picture("overview-2-wrong-token"),
        {
            content: "Paste the right one",
            trigger: token,
            run: "edit sandbox-token && press Tab",
        },
        {
            content: "Nothing is wrong with it; save the settings",
            trigger: ".o_web_client:not(:has(.o_field_widget[name=openapi_pec_token_problem])) .o_form_button_save",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "They are saved",
            trigger: ".o_settings_container, .o-settings-form-view",
        },
        ...openApplication("Back to the overview"),
        {
            content: "It was tested when it was pasted",
            trigger: done("test"),
        },
        {
            content: "One click to the first company",
            trigger: `${toDo("company")} button.btn-primary`,
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Falegnameria Prova), .o_kanban_record:contains(Falegnameria Prova)",
        },
    ],
});

/** What both screens show, in Italian. */
const cards = [
    {
        content: "What waits for a signature, and since when",
        trigger: `${row("sign", "to_sign")}:contains(Da firmare):contains(dal):contains(1)`,
    },
    {
        content: "What is late",
        trigger: `${row("service", "late")} .text-bg-danger:contains(1)`,
    },
    {
        content: "What the chamber has not answered, and has refused",
        trigger: `[data-card=chamber]:has([data-row=no_outcome]:contains(1)):has([data-row=to_file_again]:contains(1))`,
    },
    {
        content: "The weeks",
        trigger: ".o_openapi_pec_week:last-child[aria-label*=Settimana]",
    },
    {
        content: "The account and the jobs",
        trigger: ".o_openapi_pec_overview:has([data-card=accounts]:contains(Sandbox)):has([data-card=jobs] li)",
    },
];

registry.category("web_tour.tours").add("openapi_pec_morning", {
    steps: () => [
        ...cards,
        picture("overview-3-morning"),
        {
            content: "Open what waits for a signature",
            trigger: row("sign", "to_sign"),
            run: "click",
        },
        {
            content: "Its list, and nothing else",
            trigger: ".o_list_view:has(.o_facet_value:contains(Da firmare)):has(.o_data_row):not(:has(.o_data_row ~ .o_data_row))",
        },
        {
            content: "Back",
            trigger: ".o_breadcrumb .breadcrumb-item a, .o_back_button",
            run: "click",
        },
        {
            content: "Open what the chamber has refused",
            trigger: row("chamber", "to_file_again"),
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row",
        },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_morning_phone", {
    steps: () => [
        ...cards,
        {
            content: "Nothing is wider than the screen",
            trigger: ".o_openapi_pec_overview .o_content",
            run() {
                for (const element of document.querySelectorAll(".o_openapi_pec_overview .o_content, .o_openapi_pec_overview .card")) {
                    if (element.scrollWidth > element.clientWidth + 1) {
                        throw new Error(`${element.className}: ${element.scrollWidth} px in ${element.clientWidth} px`);
                    }
                }
            },
        },
        picture("overview-4-phone"),
        {
            content: "Open what waits for a signature",
            trigger: row("sign", "to_sign"),
            run: "click",
        },
        {
            trigger: ".o_kanban_record, .o_data_row",
        },
    ],
});
