import { registry } from "@web/core/registry";
import { inState, picture, save } from "./tour_utils";

// The steps find fields and buttons by their names: the pages are Italian.
const confirm = [
    {
        content: "The price is asked for",
        trigger: ".modal .o_field_widget[name=price]",
    },
    {
        content: "Confirm it",
        trigger: ".modal button[name=action_confirm]:visible",
        run: "click",
    },
];

registry.category("web_tour.tours").add("openapi_pec_findings", {
    steps: () => [
        {
            content: "The list on top names what is wrong, and the field says it",
            trigger: ".alert-danger li[data-field=city]",
        },
        {
            trigger: ".o_field_widget[name=city].o_openapi_pec_error[data-finding]",
        },
        {
            content: "It is seen without scrolling",
            trigger: ".alert-danger li[data-field=mobile]",
            run() {
                const { bottom } = this.anchor.getBoundingClientRect();
                if (bottom > window.innerHeight) {
                    throw new Error(`The list ends at ${bottom} px`);
                }
            },
        },
        picture("filing-1-findings"),
        {
            content: "The button for the next step is there, and lists what is missing",
            trigger: ".o_form_statusbar button[name=action_show_missing].btn-primary",
            run: "click",
        },
        {
            trigger: ".modal li[data-field=mobile] a.o_openapi_pec_open_contact",
        },
        picture("filing-2-missing"),
        {
            content: "Go to the municipality from there",
            trigger: ".modal li[data-field=city] a:first-of-type",
            run: "click",
        },
        {
            content: "The cursor is in it",
            trigger: ".o_field_widget[name=city] input:focus",
            run: "edit Roma && press Tab",
        },
        {
            content: "That is mended",
            trigger: "body:not(:has(.alert-danger li[data-field=city]))",
        },
        {
            content: "Open the contact from the banner",
            trigger: ".alert-danger li[data-field=mobile] a.o_openapi_pec_open_contact",
            run: "click",
        },
        {
            content: "Correct the number there",
            trigger: ".o_field_widget[name=phone] input",
            run: "edit 3401234518 && press Tab",
        },
        ...save,
        {
            content: "Come back",
            trigger: ".o_breadcrumb .breadcrumb-item:last-of-type a, .o_back_button",
            run: "click",
        },
        {
            content: "Nothing is wrong any more, at no field",
            trigger: ".o_form_view:has(.alert-success):not(:has(.o_openapi_pec_error))",
        },
        {
            content: "Submit it",
            trigger: "button[name=action_open_submit]",
            run: "click",
        },
        ...confirm,
        inState("code_requested", "The service has accepted it"),
    ],
});

registry.category("web_tour.tours").add("openapi_pec_ask", {
    steps: () => [
        {
            content: "Ask for its submission",
            trigger: ".o_form_statusbar button[name=action_ask_submission].btn-primary",
            run: "click",
        },
        {
            content: "Who asked stands there",
            trigger: ".o_field_widget[name=wanted_by_id]:contains(Bruno Bianchi)",
        },
        picture("filing-3-asked"),
        {
            content: "It is not asked for twice",
            trigger: ".o_form_statusbar:not(:has(button[name=action_ask_submission]))",
        },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_submit_asked", {
    steps: () => [
        {
            content: "Open the filters",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Show what is asked for",
            trigger: ".o_filter_menu .o-dropdown-item:contains(/Submission Asked for|Con richiesta di presentazione/)",
            run: "click",
        },
        {
            content: "It is there",
            trigger: ".o_facet_values",
        },
        {
            trigger: ".o_data_row td[name=partner_id]:contains(Falegnameria)",
            run: "click",
        },
        {
            content: "Submit it",
            trigger: "button[name=action_open_submit]",
            run: "click",
        },
        ...confirm,
        inState("code_requested", "The service has accepted it"),
    ],
});

registry.category("web_tour.tours").add("openapi_pec_refused", {
    steps: () => [
        {
            content: "Record what the chamber has answered",
            trigger: ".o_form_statusbar button[name=action_record_outcome].btn-primary",
            run: "click",
        },
        {
            content: "The cursor is there",
            trigger: ".o_field_widget[name=chamber_outcome] :focus",
        },
        {
            content: "It has refused it",
            trigger: ".o_field_widget[name=chamber_outcome] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(/Respinta|Rejected/)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=chamber_note] textarea",
            run: "edit Manca il recapito del dichiarante",
        },
        ...save,
        {
            content: "File it again",
            trigger: ".o_form_statusbar button[name=action_correct].btn-primary",
            run: "click",
        },
        {
            content: "What the chamber wrote is told, and that nothing is corrected yet",
            trigger: ".o_field_widget[name=refused_note]:contains(recapito)",
        },
        {
            trigger: ".alert-warning li[data-field=pec_email]",
        },
        picture("filing-4-refused"),
        {
            content: "Correct it",
            trigger: ".o_field_widget[name=email] input",
            run: "edit nuova@example.com && press Tab",
        },
        {
            trigger: "body:not(:has(.alert-warning li[data-field=pec_email]))",
        },
        {
            content: "Submit it",
            trigger: "button[name=action_open_submit]",
            run: "click",
        },
        ...confirm,
        inState("code_requested", "The service has accepted it"),
    ],
});
