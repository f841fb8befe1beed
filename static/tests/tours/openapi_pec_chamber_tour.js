import { registry } from "@web/core/registry";
import { picture } from "./tour_utils";

registry.category("web_tour.tours").add("openapi_pec_chamber", {
    steps: () => [
        {
            content: "One waits to be confirmed, one has no filing",
            trigger: ".o_list_view .o_data_row:nth-of-type(2)",
        },
        {
            content: "Certified mail of a chamber is confirmed here",
            trigger: ".o_data_row:contains(Esito della pratica):has(td[name=trust].text-success):has(button[name=action_confirm])",
        },
        {
            content: "What nobody vouches for is looked at first",
            trigger: ".o_data_row:contains(Posta ordinaria):has(td[name=trust].text-warning):has(button[name=action_open_form]):not(:has(button[name=action_confirm]))",
        },
        picture("chamber-1-list"),
        {
            content: "Open the one without a filing",
            trigger: ".o_data_row:contains(Senza pratica) td[name=name]",
            run: "click",
        },
        {
            content: "It says why",
            trigger: ".alert-warning:contains(Nothing in it tells whom it is about)",
        },
        {
            content: "Choose its filing",
            trigger: ".o_field_widget[name=communication_id] input",
            run: "click",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Falegnameria)",
            run: "click",
        },
        { content: "Save it", trigger: ".o_form_button_save", run: "click" },
        {
            content: "Now it waits to be confirmed",
            trigger: ".o_form_saved .o_arrow_button_current[data-value=waiting]",
        },
        {
            content: "It is put aside all the same",
            trigger: "button[name=action_dismiss]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value=dismissed], .o_form_view:has(button[name=action_reopen])",
        },
        {
            content: "Back to the list",
            trigger: ".o_back_button a, .o_breadcrumb a",
            run: "click",
        },
        {
            content: "Open the other one",
            trigger: ".o_data_row:contains(Esito della pratica) td[name=name]",
            run: "click",
        },
        {
            content: "It proposes an outcome, and who sent it",
            trigger: ".o_field_widget[name=proposal]:contains(Entered in the Register)",
        },
        {
            content: "It shows what will be written",
            trigger: ".o_field_widget[name=changes]:contains(→ Entered in the Register)",
        },
        picture("chamber-2-message"),
        {
            content: "Confirm",
            trigger: "button[name=action_confirm].btn-primary",
            run: "click",
        },
        {
            content: "It is confirmed, and recorded on the filing",
            trigger: ".o_arrow_button_current[data-value=confirmed]",
        },
        {
            trigger: ".o_field_widget[name=recorded_outcome]:contains(Entered in the Register)",
        },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_chamber_filing", {
    steps: () => [
        {
            content: "The filing says that mail waits",
            trigger: ".alert-info:contains(waits to be confirmed)",
        },
        picture("chamber-3-filing"),
        {
            content: "Look at it",
            trigger: "button[name=action_open_chamber_mail]",
            run: "click",
        },
        {
            content: "The message is open",
            trigger: ".o_field_widget[name=text]:contains(irricevibile)",
        },
        {
            content: "Confirm",
            trigger: "button[name=action_confirm].btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value=confirmed]",
        },
    ],
});
