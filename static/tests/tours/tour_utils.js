/** Milliseconds for what many records take on a busy machine, or a job that is still to run. */
export const SLOW = 60000;

/** The step that shows in which state the filing is. */
export function inState(state, content) {
    return { content, trigger: `.o_arrow_button_current[data-value=${state}]` };
}

/** Have the test take the picture that the README shows of this moment: from the top, or with an element that stands further down. */
export function picture(name, selector) {
    return {
        content: `Picture ${name}`,
        trigger: "body:not(:has(.o_notification, .o_loading_indicator))",
        async run() {
            document.querySelectorAll(".o_content, .o_form_view *").forEach((element) => element.scrollTo(0, 0));
            if (selector) {
                const element = document.querySelector(selector);
                element.style.scrollMargin = "3rem"; // with what stands around it
                element.scrollIntoView({ block: "nearest" });
            }
            await new Promise((resolve) => setTimeout(resolve, 300));
            console.log(`picture: ${name}`);
            await new Promise((resolve) => setTimeout(resolve, 700));
        },
    };
}

/** Open the question before a filing is submitted, with EUR 100 in the wallet. */
export const askWithWallet = [
    {
        content: "Submit the filing",
        trigger: "button[name=action_open_submit]",
        run: "click",
    },
    {
        content: "The question tells the wallet before and after",
        trigger: ".modal .o_field_widget[name=wallet_sentence]:contains(EUR 100.00 (read on):contains(After this: EUR 84.30.)",
    },
];

/** Save the form that is open. */
export const save = [
    { content: "Save it", trigger: ".o_form_button_save", run: "click" },
    { content: "It is saved", trigger: ".o_form_saved" },
];

/** Save the form that is open and leave it, then come back: through a button (CSS) of the form that is met there, or through the list. */
export function leaveAndComeBack(button) {
    return [
        ...save,
        { content: "Leave it", trigger: ".o_breadcrumb .breadcrumb-item:last-of-type a, .o_back_button", run: "click" },
        ...(button ? [{ content: "Come back", trigger: button, run: "click" }] : []),
        { content: "Open it again", trigger: ".o_list_view .o_data_row td.o_data_cell:not(.o_list_record_selector)", run: "click" },
        { content: "It is open", trigger: ".o_form_view .o_form_saved .o_statusbar_status" },
    ];
}

/** Ask the service once it has had a moment: its states advance by themselves. */
export const refresh = {
    content: "Ask the service",
    trigger: "button[name=action_refresh]",
    run: async ({ click }) => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        await click();
    },
};
