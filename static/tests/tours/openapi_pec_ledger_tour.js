import { registry } from "@web/core/registry";
import { picture } from "./tour_utils";

registry.category("web_tour.tours").add("openapi_pec_ledger", {
    steps: () => [
        {
            content: "What was paid is told, with what the wallet shows",
            trigger: ".o_list_view .o_data_row:has(td[name=cost]:contains(15.70)):has(td[name=witness]:contains(Found))",
        },
        {
            content: "Neither a cost nor the sum of all has a zero for what is no part of a cent",
            trigger: ".o_list_view:has(tfoot td:contains(15.70)):not(:contains(15.700))",
        },
        picture("ledger"),
        {
            content: "Select all",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Invoice them",
            trigger: ".o_control_panel button[name=action_invoice]",
            run: "click",
        },
        {
            content: "What is to be invoiced is shown",
            trigger: ".modal .o_field_widget[name=cost_ids] .o_data_row td[name=cost]:contains(15.70)",
        },
        {
            content: "Choose the product",
            trigger: ".modal .o_field_widget[name=product_id] input",
            run: "edit Comunicazione PEC di prova",
        },
        {
            trigger: ".ui-autocomplete a:contains(Comunicazione PEC di prova)",
            run: "click",
        },
        {
            content: "A markup",
            trigger: ".modal .o_field_widget[name=markup] input",
            run: "edit 10 && click .modal .o_field_widget[name=description] input",
        },
        {
            content: "What the client pays is told",
            trigger: ".modal .o_field_widget[name=total]:contains(17.27)",
        },
        picture("billing"),
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The draft invoice, with the way back to its costs",
            trigger: ".o_form_view button[name=action_openapi_pec_costs]:contains(1)",
            run: "click",
        },
        {
            content: "The cost tells its invoice",
            trigger: ".o_list_view .o_data_row td[name=move_id]:not(:empty)",
        },
        picture("ledger-invoiced"),
    ],
});
