import { registry } from "@web/core/registry";

const input = (name, value) => `.o_field_widget[name=${name}] input:value(${value})`;

/** Choose the representative by name. */
function represent(name) {
    return [
        {
            content: "Another representative",
            trigger: ".o_field_widget[name=representative_id] input",
            run: `edit ${name}`,
        },
        {
            trigger: `.o-autocomplete--dropdown-item:contains(${name})`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("openapi_pec_follow", {
    steps: () => [
        {
            content: "The refusal is told, and nothing is fine beside it",
            trigger: ".o_form_view:not(:has(.alert-success, .fa-check-circle)) .alert-warning:contains(refused exactly these data):contains(cf not valid)",
        },
        ...represent("Anna Bianchi"),
        {
            content: "Her data come with her",
            trigger: input("mobile", "3477654321"),
        },
        ...represent("Luca Verdi"),
        {
            content: "His come in their place",
            trigger: input("mobile", "3385556667"),
        },
        {
            content: "Type another number",
            trigger: ".o_field_widget[name=mobile] input",
            run: "edit 3331112223 && press Tab",
        },
        {
            content: "It is told at once",
            trigger: ".o_field_widget[name=differences]:contains(Mobile: 3331112223 here, 3385556667 on the contact)",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "What was refused was other data",
            trigger: ".o_form_saved .alert-info:contains(The data have changed since the service refused them):contains(cf not valid)",
        },
        {
            content: "Leave",
            trigger: ".o_breadcrumb .o_back_button a, .o_menu_sections a:contains(Filings), .o_breadcrumb a",
            run: "click",
        },
        {
            content: "Come back",
            trigger: ".o_data_row:contains(Falegnameria Prova) td[name=partner_id]",
            run: "click",
        },
        {
            content: "It still differs; take the contacts' data",
            trigger: ".o_form_view:has(.o_field_widget[name=differences]:contains(3331112223)) button[name=action_take_proposals]",
            run: "click",
        },
        {
            content: "They are here",
            trigger: input("mobile", "3385556667"),
        },
        {
            content: "Nothing differs any more",
            trigger: ".o_form_view:not(:has(button[name=action_take_proposals]))",
        },
    ],
});
