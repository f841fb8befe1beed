/** The step that shows in which state the filing is. */
export function inState(state, content) {
    return { content, trigger: `.o_arrow_button_current[data-value=${state}]` };
}

/** Have the test take the picture that the README shows of this moment. */
export function picture(name) {
    return {
        content: `Picture ${name}`,
        trigger: "body:not(:has(.o_notification, .o_loading_indicator))",
        async run() {
            document.querySelectorAll(".o_content, .o_form_view *").forEach((element) => element.scrollTo(0, 0));
            await new Promise((resolve) => setTimeout(resolve, 300));
            console.log(`picture: ${name}`);
            await new Promise((resolve) => setTimeout(resolve, 700));
        },
    };
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
