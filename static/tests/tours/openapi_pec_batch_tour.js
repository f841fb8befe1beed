import { registry } from "@web/core/registry";
import { SLOW, inState, picture } from "./tour_utils";

const head = ".o_openapi_pec_worklist_head";

registry.category("web_tour.tours").add("openapi_pec_batch", {
    steps: () => [
        {
            content: "Show the contacts as a list",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_list_renderer",
        },
        {
            content: "Look for the clients",
            trigger: ".o_searchview_input",
            run: "edit Cliente",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(Cliente)",
        },
        {
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        {
            trigger: ".o_facet_value:contains(Cliente)",
        },
        {
            content: "Without their people",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_filter_menu .o-dropdown-item:contains(Companies)",
            run: "click",
        },
        {
            content: "Thirty are found",
            trigger: ".o_pager_limit:contains(30)",
        },
        {
            content: "Select all of them",
            trigger: ".o_list_record_selector input",
            run: "click",
        },
        {
            content: "Open the actions",
            trigger: ".o_control_panel_actions .o_cp_action_menus .dropdown-toggle:contains(Actions)",
            run: "click",
        },
        {
            content: "Communicate the PEC of all",
            trigger: ".o-dropdown-item:contains(Communicate PEC)",
            run: "click",
        },
        {
            content: "It is asked which filings are meant, and how many",
            trigger: ".modal .o_field_widget[name=filing_count]:contains(30)",
        },
        {
            content: "Prepare them",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The worklist says how many are ready and what they cost",
            trigger: `${head} .o_openapi_pec_ready:contains(25)`,
        },
        {
            content: "What is wrong comes first, in a few words",
            trigger: ".o_data_row:contains(Cliente 03) td[name=finding_reason]:contains(PEC: missing)",
        },
        picture("10-batch"),
        {
            content: "Only the lines without a PEC",
            trigger: `${head} [data-reason="pec_email.missing"]:contains(3)`,
            run: "click",
        },
        {
            content: "Three of thirty",
            trigger: ".o_pager_limit:contains(3):not(:contains(30))",
        },
        {
            content: "Correct a line in place",
            trigger: ".o_data_row:contains(Cliente 03) td[name=pec_email]",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=pec_email] input",
            run: "edit cliente03@legalmail.it && press Tab",
        },
        {
            content: "Nothing is missing there any more",
            trigger: ".o_data_row:contains(Cliente 03) td[name=finding_reason]:not(:contains(missing))",
        },
        {
            content: "Save",
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            content: "The count by reason follows",
            trigger: `${head} [data-reason="pec_email.missing"]:contains(2)`,
        },
        {
            trigger: `${head} .o_openapi_pec_ready:contains(26)`,
        },
        {
            content: "Submit what is ready",
            trigger: `${head} button[name=action_open_submit]`,
            run: "click",
        },
        {
            content: "One price for all",
            trigger: ".modal .o_field_widget[name=price]:contains(408.20)",
        },
        {
            content: "Confirm it",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "It is under way, in the background, and can be paused",
            trigger: `${head}[data-state=running]:has(button[name=action_pause])`,
        },
        picture("11-batch-running"),
        {
            content: "The page says by itself when all are sent",
            trigger: `${head}[data-state=partial] .o_openapi_pec_progress:contains(26)`,
            timeout: SLOW,
        },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_batch_wallet", {
    steps: () => [
        {
            content: "Submit what is ready",
            trigger: "button[name=action_open_submit]",
            run: "click",
        },
        {
            content: "Confirm it",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        inState("running", "It is under way"),
        {
            content: "The page says by itself that the wallet is empty, and what it held",
            trigger: ".alert-warning:contains(the Openapi wallet holds too little credit):contains(it held EUR 1.00):contains(Odoo tries again by itself)",
            timeout: SLOW,
        },
        {
            content: "Pause it by hand as well",
            trigger: "button[name=action_pause]",
            run: "click",
        },
        {
            content: "Nothing goes on by itself now, and the page does not say so",
            trigger: ".alert-warning:contains(wallet holds too little credit):contains(This batch is paused by hand):not(:contains(by itself))",
        },
        picture("batch-wallet"),
        {
            content: "Open the worklist",
            trigger: "button[name=action_open_worklist]",
            run: "click",
        },
        {
            content: "Each filing that waits is marked, and the head says for what",
            trigger: `.o_list_view:has(${head} .alert-warning:contains(wallet holds)) .o_data_row:has(button .fa-hourglass-half)`,
        },
        {
            content: "Back to the multiple filing",
            trigger: ".o_breadcrumb .breadcrumb-item:last-of-type a, .o_back_button",
            run: "click",
        },
        {
            content: "After the top-up, go on",
            trigger: "button.btn-primary[name=action_go_on]:contains(I Have Topped Up)",
            run: "click",
        },
        { ...inState("done", "All are sent"), timeout: SLOW },
        {
            trigger: ".o_form_view:not(:has(button[name=action_go_on])):not(:has(.alert-warning:contains(wallet holds)))",
        },
    ],
});
