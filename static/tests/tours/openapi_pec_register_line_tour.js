import { registry } from "@web/core/registry";

const shown = (name, text) => `.o_field_widget[name=${name}]:contains(${text})`;
const row = (label) => `.o_field_widget[name=difference_ids] .o_data_row:contains(${label})`;
const ticked = (label) => `${row(label)} td[name=is_ticked]:has(input:checked)`;
const unticked = (label) => `${row(label)} td[name=is_ticked]:not(:has(input:checked))`;

registry.category("web_tour.tours").add("openapi_pec_register_line", {
    steps: () => [
        {
            content: "Of a company whose form is not known, nobody can say whether it is in order",
            trigger: `.o_form_view:has(${shown("state", "Da decidere")}):has(${shown("reason", "natura giuridica non nota")})`,
        },
        {
            content: "Do the next step, which is on the contact",
            trigger: "button[name=action_step]:contains(Indica la natura giuridica)",
            run: "click",
        },
        {
            content: "Rather than typing it, ask the register",
            trigger: "button[name=action_openapi_pec_update]:enabled:contains(Aggiorna dal Registro)",
            run: "click",
        },
        {
            content: "One look-up, and what it costs, free ones included",
            trigger: ".modal:has([name=look_count]:contains(1)) .alert:contains(Interrogazioni: 1 (da EUR 0,00 a 0,10)",
        },
        {
            content: "Ask",
            trigger: ".modal button[name=action_confirm]:contains(Consulta il Registro)",
            run: "click",
        },
        {
            content: "The name differs, as here and as there",
            trigger: `${row("Falegnameria Prova")}:contains(OPENAPI S.P.A.)`,
        },
        {
            content: "The PEC differs, and is not ticked, for the contact has one",
            trigger: `${unticked("prova@legalmail.it")}, ${row("prova@legalmail.it")}:contains(openapi@legalmail.it)`,
        },
        {
            content: "What is empty here is ticked: the form",
            trigger: ticked("per azioni"),
        },
        {
            content: "The state of the company",
            trigger: ticked("Attiva"),
        },
        {
            content: "The number in the REA",
            trigger: ticked("RM-1378273"),
        },
        {
            content: "The seat",
            trigger: ticked("VIALE F TOMMASO MARINETTI 221"),
        },
        {
            content: "What it has cost is on the other page",
            trigger: ".o_notebook a[name=looks]",
            run: "click",
        },
        {
            content: "A free one, or EUR 0.10",
            trigger: ".o_field_widget[name=look_ids] .o_data_row:contains(EUR 0,10) td[name=state]:contains(Ha risposto)",
        },
        {
            content: "Back to the differences",
            trigger: ".o_notebook a[name=differences]",
            run: "click",
        },
        {
            content: "Take the PEC of the register as well",
            trigger: `${row("openapi@legalmail.it")} td[name=is_ticked]`,
            async run({ check, click }) {
                const cell = `${row("openapi@legalmail.it")} td[name=is_ticked]`;
                // The page refreshes by itself when the look is noted, which leaves a row that was just clicked.
                while (!document.querySelector(".o_field_widget[name=difference_ids] .o_selected_row input:enabled")) {
                    await click(cell);
                    await new Promise((resolve) => setTimeout(resolve, 200));
                }
                await check(`${cell} input`);
            },
        },
        {
            content: "It is ticked",
            trigger: ticked("openapi@legalmail.it"),
        },
        {
            content: "Take over",
            trigger: "button[name=action_take_over]:enabled:contains(Riporta quanto è segnato)",
            run: "click",
        },
        {
            content: "The name alone was not ticked, and is left",
            trigger: `.o_form_view:not(:has(${row("openapi@legalmail.it")})):not(:has(${row("RM-1378273")})) ${unticked("OPENAPI S.P.A.")}`,
        },
        {
            content: "Back to the contact",
            trigger: ".o_breadcrumb a:contains(Falegnameria Prova):last",
            run: "click",
        },
        {
            content: "What was taken over stands there, and one difference is left",
            trigger: ".o_form_view:has(button[name=action_openapi_pec_differences] .o_stat_value:contains(1)) [name=openapi_pec_email] input:value(openapi@legalmail.it)",
        },
        {
            content: "Back to the line",
            trigger: ".o_breadcrumb a:contains(Falegnameria Prova):last",
            run: "click",
        },
        {
            content: "It is in order",
            trigger: `.o_form_view:has(${shown("address", "openapi@legalmail.it")}) ${shown("state", "In regola")}`,
        },
    ],
});
