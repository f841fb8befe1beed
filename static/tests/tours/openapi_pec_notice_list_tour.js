import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";
import { SLOW, picture } from "./tour_utils";

const row = (name) => `.o_field_widget[name=line_ids] .o_data_row:contains(${name})`;

/** A chamber's list is uploaded, looked at and noted, whatever the language. */
registry.category("web_tour.tours").add("openapi_pec_notice_list", {
    steps: () => [
        {
            content: "The chamber",
            trigger: ".o_field_widget[name=province_id] input",
            run: "edit Cagliari",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Cagliari)",
            run: "click",
        },
        {
            content: "Its own term is proposed",
            trigger: ".o_field_widget[name=days] input:value(45)",
        },
        {
            content: "When it was published",
            trigger: ".o_field_widget[name=published_on] input, .o_field_widget[name=published_on] button",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=published_on] input",
            run: "edit 02/11/2026 && press Tab",
        },
        {
            content: "The list",
            trigger: ".o_field_widget[name=file]",
            async run() {
                const answer = await fetch("/openapi_pec_tour/list.pdf");
                await inputFiles(".o_field_widget[name=file] input[type=file]", [
                    new File([await answer.blob()], "elenco.pdf"),
                ]);
            },
        },
        {
            trigger: ".o_field_widget[name=file]:has(input:value(elenco.pdf)), .o_field_widget[name=file]:contains(elenco.pdf)",
        },
        picture("notice-list-upload"),
        {
            content: "Read it",
            trigger: "button[name=action_read]:visible",
            run: "click",
        },
        {
            content: "Who is followed is ticked",
            trigger: `${row("Falegnameria Prova")} td[name=is_ticked] input:checked`,
            timeout: SLOW,
        },
        {
            content: "What could not be read is told",
            trigger: row("12485671008"),
        },
        picture("notice-list-read"),
        {
            content: "Note it",
            trigger: "button[name=action_note]:visible",
            run: "click",
        },
        {
            content: "The line is irregular",
            trigger: ".o_list_view .o_data_row:contains(Falegnameria Prova) td[name=state] .text-bg-danger",
        },
        picture("notice-list-noted"),
    ],
});
