import { registry } from "@web/core/registry";
import { SLOW, inState } from "./tour_utils";

const head = ".o_openapi_pec_worklist_head";
const row = (name) => `.o_list_view .o_data_row:contains(${name}):contains(Own PEC)`;

registry.category("web_tour.tours").add("openapi_pec_lines", {
    steps: () => [
        {
            content: "Of the companies' own PECs",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_filter_menu .o-dropdown-item:contains(Company):not(:contains(Administrator))",
            run: "click",
        },
        {
            content: "There are two lines",
            trigger: ".o_list_view:has(.o_pager_limit:contains(2)):not(:has(.o_data_row:contains(An Administrator)))",
        },
        {
            content: "Choose both",
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "They are chosen",
            trigger: ".o_list_view .o_data_row_selected:eq(1)",
        },
        {
            content: "Open the actions",
            trigger: ".o_control_panel_actions .o_cp_action_menus .dropdown-toggle:contains(Actions)",
            run: "click",
        },
        {
            content: "Communicate what they ask for",
            trigger: ".o-dropdown-item:contains(Communicate the PECs)",
            run: "click",
        },
        {
            content: "It is said how many filings that makes",
            trigger: ".modal .o_field_widget[name=filing_count]:contains(2)",
        },
        {
            content: "Prepare them",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "Both are ready",
            trigger: `${head} .o_openapi_pec_ready:contains(2)`,
        },
        {
            content: "Submit them",
            trigger: `${head} button[name=action_open_submit]`,
            run: "click",
        },
        {
            content: "One price for both",
            trigger: ".modal .o_field_widget[name=price]:contains(31.40)",
        },
        {
            content: "Confirm it",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "Both are sent",
            trigger: `${head}[data-state=done]`,
            timeout: SLOW,
        },
        {
            content: "Back to the lines",
            trigger: ".o_breadcrumb .breadcrumb-item:contains(Positions) a, .o_back_button",
            run: "click",
        },
        {
            content: "The lines have followed: open one",
            trigger: `${row("Cliente 00")}:contains(Filing under Way) td[name=state]`,
            run: "click",
        },
        {
            content: "Its next step leads to the filing",
            trigger: "button[name=action_step]:visible",
            run: "click",
        },
        {
            content: "Meanwhile the service has completed it: ask",
            trigger: "button[name=action_refresh]:visible",
            run: "click",
        },
        inState("completed", "It is completed"),
        {
            content: "Whether the register shows it, the service never tells: ask the register",
            trigger: "button[name=action_check_register]:visible",
            run: "click",
        },
        {
            content: "Ask, seeing that nothing is paid",
            trigger: ".modal:has(.alert:contains(nothing is paid)) button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It was asked",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has(button[name=action_check_register]))",
        },
    ],
});
