import { registry } from "@web/core/registry";

const row = (label) => `.o_field_widget[name=difference_ids] .o_data_row:contains(${label})`;

registry.category("web_tour.tours").add("openapi_pec_register", {
    steps: () => [
        {
            content: "Ask the register about this company",
            trigger: "button[name=action_openapi_pec_update]:enabled",
            run: "click",
        },
        {
            content: "What it costs is said before",
            trigger: ".modal .alert:contains(nothing is paid)",
        },
        {
            content: "Ask",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The answer is there, and the PEC, which is another one here, is not ticked",
            trigger: `${row("altra@legalmail.it")} td[name=is_ticked]:not(:has(input:checked))`,
        },
        {
            content: "Take the other PEC",
            trigger: `${row("altra@legalmail.it")} td[name=is_ticked]`,
            run: "click",
        },
        {
            content: "Tick it",
            trigger: `${row("altra@legalmail.it")} td[name=is_ticked] input`,
            run: "check",
        },
        {
            content: "What is empty here is ticked: leave one of it",
            trigger: `${row("00100")} td[name=is_ticked]`,
            run: "click",
        },
        {
            content: "Take its tick away",
            trigger: `${row("00100")} td[name=is_ticked] input`,
            run: "uncheck",
        },
        {
            content: "Take over what is ticked",
            trigger: "button[name=action_take_over]:enabled",
            run: "click",
        },
        {
            content: "What was left is still there, the others are not",
            trigger: `.o_form_view:not(:has(${row("altra@legalmail.it")})) ${row("00100")}`,
        },
    ],
});
