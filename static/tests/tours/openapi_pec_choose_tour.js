import { registry } from "@web/core/registry";
import { inState, picture } from "./tour_utils";

registry.category("web_tour.tours").add("openapi_pec_choose", {
    steps: () => [
        {
            content: "A manager is asked which filing it is",
            trigger: "button[name=action_choose]:contains(Decide)",
            run: "click",
        },
        {
            content: "Two are offered, with their state in words",
            trigger: ".modal .o_list_renderer:has(.o_data_row:nth-child(2)) td[name=remote_state]:contains(Accepted)",
        },
        {
            content: "What differs is told",
            trigger: ".modal .o_data_row td[name=comparison]:contains(there altra@example.com)",
        },
        picture("choose"),
        {
            content: "Enter chooses none by itself",
            trigger: ".modal:not(:has(button[name=action_this_one]:focus))",
        },
        {
            content: "None of them stands apart, with what is known then",
            trigger: ".modal .alert-warning:contains(goes on looking for it, and nothing is sent again):not(:contains(probably)) button[name=action_none]:not(.btn-primary)",
        },
        {
            content: "Choose the one in which nothing differs",
            trigger: ".modal .o_data_row:not(:contains(Differs)) button[name=action_this_one]:contains(This One)",
            run: "click",
        },
        inState("code_requested", "The filing goes on"),
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_free", {
    steps: () => [
        {
            content: "It says what is known, and what to do",
            trigger: ".o_form_view .alert-warning:contains(2 times with an answer that can be believed):contains(presses \"Decide\")",
        },
        {
            trigger: "button.btn-primary[name=action_choose]:contains(Decide)",
            run: "click",
        },
        {
            content: "How often it was looked for is told",
            trigger: ".modal p:contains(2):contains(Look into the Openapi console first)",
        },
        {
            content: "What it may cost is told; nothing is offered to be chosen",
            trigger: ".modal:not(:has(button[name=action_this_one])) .alert-warning:contains(it is paid twice):contains(for 30 days)",
        },
        picture("free"),
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit not in the console",
        },
        {
            trigger: ".modal button[name=action_none]:contains(It Was Not Executed)",
            run: "click",
        },
        inState("failed", "It can be submitted again"),
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

/** In any language. */
registry.category("web_tour.tours").add("openapi_pec_held", {
    steps: () => [
        {
            content: "A filing with the same PEC was found before paying",
            trigger: "button.btn-primary[name=action_choose]",
            run: "click",
        },
        {
            content: "It is shown beside this filing",
            trigger: ".modal:has(.o_field_widget[name=record_name]:contains(prova@legalmail.it)) .o_data_row td[name=comparison]:contains(altra@example.com)",
        },
        picture("held"),
        {
            content: "Say why it is another one",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit nuovo mandato",
        },
        {
            trigger: ".modal button[name=action_none]",
            run: "click",
        },
        inState("code_requested", "It is paid, once"),
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

/** The step that looks whether each PEC of a list can be read to its end. */
function wholePec(domain) {
    return {
        content: "The whole PEC can be read",
        trigger: `.o_data_row td[name=pec_email]:contains(${domain})`,
        run() {
            for (const cell of document.querySelectorAll(".o_data_row td[name=pec_email]")) {
                if (cell.scrollWidth > cell.clientWidth || cell.clientWidth < 180) {
                    throw new Error(`The PEC is cut: ${cell.scrollWidth} px in ${cell.clientWidth} px`);
                }
            }
        },
    };
}

registry.category("web_tour.tours").add("openapi_pec_waiting_list", {
    steps: () => [
        {
            content: "Each filing that waits for the wallet is marked",
            trigger: ".o_data_row:nth-child(1):has(.fa-hourglass-half) + .o_data_row:has(.fa-hourglass-half) + .o_data_row:has(.fa-hourglass-half)",
        },
        wholePec("legalmail.it"),
        picture("waiting-list"),
        {
            content: "Open the one that was never called",
            trigger: ".o_data_row:nth-child(1) td[name=name]",
            run: "click",
        },
        {
            content: "It says what it waits for",
            trigger: ".o_form_view .alert-warning:contains(wallet holds too little credit)",
        },
        picture("waiting-form"),
        {
            content: "After the top-up, go on",
            trigger: "button.btn-primary[name=action_go_on]:contains(I Have Topped Up)",
            run: "click",
        },
        inState("code_requested", "It is sent at once"),
    ],
});

registry.category("web_tour.tours").add("openapi_pec_to_assign", {
    steps: () => [
        wholePec("pec.legalmail.it"),
        picture("to-assign"),
    ],
});

registry.category("web_tour.tours").add("openapi_pec_own_domain", {
    steps: () => [
        {
            content: "Press Buy a PEC on the company's form",
            trigger: "button[name=action_openapi_pec_buy]",
            run: "click",
        },
        {
            content: "With a domain of one's own",
            trigger: ".modal .o_field_widget[name=has_own_domain] input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=own_domain] input",
            run: "edit pec esempio && press Tab",
        },
        {
            content: "That it is malformed is told in place",
            trigger: ".modal [data-availability=wrong]:contains(The domain is not well-formed)",
        },
        {
            trigger: ".modal .o_openapi_pec_mailbox_address input",
            run: "edit prova && press Tab",
        },
        {
            content: "There is no way on, and no second dialog",
            trigger: ".modal [data-availability=wrong]:contains(The domain is not well-formed)",
            run() {
                if (document.querySelector(".modal button[name=action_prepare]") || document.querySelectorAll(".modal").length !== 1) {
                    throw new Error("One can go on with a malformed domain.");
                }
            },
        },
        picture("own-domain"),
        {
            content: "Correct it",
            trigger: ".modal .o_field_widget[name=own_domain] input",
            run: "edit pec.esempio.it && press Tab",
        },
        {
            trigger: ".modal [data-availability=unknown]",
        },
        {
            trigger: ".modal button[name=action_prepare]",
            run: "click",
        },
        {
            content: "The draft is there",
            trigger: ".o_form_view .o_field_widget[name=mailbox_type], .o_form_view .o_field_widget[name=address]",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
