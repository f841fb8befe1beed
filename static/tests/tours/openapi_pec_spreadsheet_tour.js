import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";
import { SLOW, picture } from "./tour_utils";

const head = ".o_openapi_pec_worklist_head";

function edit(row, name, value, content) {
    return [
        { content, trigger: `${row} td[name=${name}]`, run: "click" },
        {
            trigger: `.o_selected_row .o_field_widget[name=${name}] input`,
            run: `edit ${value} && press Tab`,
        },
        { content: "Save", trigger: ".o_list_button_save", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_selected_row))" },
    ];
}

/** One spreadsheet of thirty rows, to a submitted multiple filing, whatever the language. */
registry.category("web_tour.tours").add("openapi_pec_spreadsheet", {
    steps: () => [
        {
            content: "From a spreadsheet",
            trigger: "button[name=action_open_import]",
            run: "click",
        },
        {
            content: "The file to be filled in can be downloaded, and the one that is filled in is uploaded",
            trigger: ".o_import_action a[href$='.xlsx']",
            async run() {
                const answer = await fetch("/openapi_pec_tour/rows.xlsx");
                await inputFiles("input.o_input_file", [new File([await answer.blob()], "rows.xlsx")]);
            },
        },
        {
            content: "Its columns are matched by themselves",
            trigger: ".o_import_data_content",
        },
        {
            content: "Import it",
            trigger: ".o_control_panel button.btn-secondary:contains(Import)",
            run: "click",
        },
        {
            content: "The rows are shown first: thirty of them",
            trigger: ".o_pager_limit:contains(30)",
            timeout: SLOW,
        },
        {
            content: "The bad one comes first, with its number in the file",
            trigger: "tbody .o_data_row:nth-child(1).text-danger td[name=number]:contains(5)",
        },
        { ...picture("spreadsheet-rows"), timeout: SLOW }, // when the notification of the import has gone
        ...edit(".o_data_row.text-danger", "company_fiscal_code", "00743110157", "Correct its tax code"),
        {
            content: "Nothing stands against any row",
            trigger: ".o_list_view:not(:has(.o_data_row.text-danger))",
        },
        {
            content: "Apply them",
            trigger: "button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is said how many",
            trigger: ".o_notification:contains(30)",
        },
        {
            content: "The worklist opens, and one line is to be corrected",
            trigger: `${head} .o_openapi_pec_ready:contains(29)`,
            timeout: SLOW,
        },
        {
            content: "Show it alone",
            trigger: `${head} [data-reason="mobile.mobile_landline"]:contains(1)`,
            run: "click",
        },
        {
            trigger: ".o_pager_limit:contains(1)",
        },
        ...edit(".o_data_row", "mobile", "3281234567", "Correct the number"),
        {
            content: "All are ready",
            trigger: `${head}:not(:has([data-reason])) .o_openapi_pec_ready:contains(30)`,
        },
        {
            content: "All lines again",
            trigger: ".o_facet_remove",
            run: "click",
        },
        {
            trigger: ".o_pager_limit:contains(30)",
        },
        {
            content: "Submit what is ready",
            trigger: `${head} button[name=action_open_submit]`,
            run: "click",
        },
        {
            content: "Confirm it",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "It is under way, and can be paused",
            trigger: `${head}[data-state=running] .progress[role=progressbar]`,
        },
        {
            content: "The page says by itself when all are sent",
            trigger: `${head}[data-state=done] .o_openapi_pec_progress:contains(30)`,
            timeout: SLOW,
        },
    ],
});

/** A contact is changed after its row was shown: nothing is made before the row was shown anew. */
registry.category("web_tour.tours").add("openapi_pec_spreadsheet_changed", {
    steps: () => [
        {
            content: "The row names no PEC; somebody else writes another one on the contact",
            trigger: ".o_data_row td[name=effects]:contains(PEC)",
            async run() {
                const call = (method, args) =>
                    rpc("/web/dataset/call_kw", { model: "res.partner", method, args, kwargs: {} });
                const ids = await call("search", [[["openapi_pec_email", "=", "prova@legalmail.it"]]]);
                await call("write", [ids, { openapi_pec_email: "terza@legalmail.it", city: "Napoli" }]);
            },
        },
        {
            content: "Apply it",
            trigger: "button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is said that nothing was made",
            trigger: ".o_notification:contains(Falegnameria)",
        },
        {
            content: "The row stands there anew, without a reload by hand",
            trigger: ".o_data_row td[name=differences]:contains(Napoli)",
        },
        {
            content: "Its own page shows the same",
            trigger: ".o_data_row .o_list_record_open_form_view button",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=differences]:contains(Napoli)",
        },
        {
            content: "Apply it there",
            trigger: ".o_form_view button[name=action_apply]",
            run: "click",
        },
        {
            content: "The worklist opens",
            trigger: head,
            timeout: SLOW,
        },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_worklist_phone", {
    steps: () => [
        {
            content: "The lines are cards, with what is wrong on them",
            trigger: ".o_kanban_view .o_kanban_record:first:contains(numero fisso)",
        },
        {
            content: "Nothing scrolls sideways",
            trigger: `${head} .o_openapi_pec_reasons`,
            run() {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`The page is ${scrollWidth} wide, the phone ${clientWidth}`);
                }
            },
        },
        {
            content: "Open the contact that is to be corrected",
            trigger: ".o_kanban_record:first button[name=action_open_representative]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=phone]",
        },
    ],
});
