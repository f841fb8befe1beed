import { registry } from "@web/core/registry";
import { askWithWallet, inState, picture } from "./tour_utils";

registry.category("web_tour.tours").add("openapi_pec_ask_approval", {
    steps: () => [
        ...askWithWallet,
        {
            content: "Another manager has to approve it: there is no button that pays",
            trigger: ".modal:has(.alert:contains(another manager has to approve it)):not(:has(button[name=action_confirm]:visible))",
        },
        {
            content: "It is over budget, so a reason is asked for",
            trigger: ".modal .alert:contains(over the budget of this month) .o_field_widget[name=reason] input",
            run: "edit The deadline is on Friday",
        },
        picture("spending-question"),
        {
            content: "Ask for the approval",
            trigger: ".modal button[name=action_ask_approval]",
            run: "click",
        },
        {
            content: "It waits for another manager, and cannot be approved by who asked",
            trigger: ".o_form_view:has(.alert:contains(Another manager approves this)):not(:has(button[name=action_approve]:visible))",
        },
        inState("asked", "It is to be approved"),
        {
            content: "Go back to the filing",
            trigger: ".o_breadcrumb .breadcrumb-item:last-of-type a, .o_back_button",
            run: "click",
        },
        {
            content: "It says there what it waits for",
            trigger: ".alert .o_field_widget[name=approval_sentence]:contains(by Anna Verdi on):contains(waits for a decision)",
        },
        {
            content: "The next step is to open the request, and no more to submit it",
            trigger: ".o_form_statusbar:not(:has(.btn-primary[name=action_open_submit])) .btn-primary[name=action_open_approval]",
            run: "click",
        },
        inState("asked", "It is still to be approved"),
    ],
});

registry.category("web_tour.tours").add("openapi_pec_approve", {
    steps: () => [
        {
            content: "What waits is listed; open it",
            trigger: ".o_list_view .o_data_row:contains(Anna Verdi) td[name=operation]",
            run: "click",
        },
        {
            content: "It says what for, what it costs, and what is left",
            trigger: ".o_form_view:has(.o_field_widget[name=price]:contains(15.70)):has(.o_field_widget[name=asked_reason]:contains(Friday)) .o_field_widget[name=wallet_sentence]:contains(After this: EUR 84.30.)",
        },
        {
            content: "The budget that it exceeds is told",
            trigger: ".alert:contains(over the budget of this month)",
        },
        picture("approval"),
        {
            content: "Approve it",
            trigger: "button[name=action_approve]:visible",
            run: "click",
        },
        inState("approved", "It is approved"),
        {
            content: "Open what it was about",
            trigger: "button[name=action_open_records]",
            run: "click",
        },
        inState("code_requested", "The filing was submitted"),
        {
            content: "Its chatter tells who asked and who approved",
            trigger: ".o-mail-Message:contains(Anna Verdi asked for this, and Dario Gialli approved it)",
        },
    ],
});
