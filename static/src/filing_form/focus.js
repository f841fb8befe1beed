import { registry } from "@web/core/registry";

const FOCUSABLE = "input:not([type=hidden]):not([type=file]):not([disabled]), textarea, select, button, a[href]";
const ATTEMPTS = 20; // while a page of a notebook opens
const PAUSE = 50; // milliseconds between them

/** Put the cursor into a field of the form that is open, on a page of its notebook if it stands there. */
export async function focusField(name, page) {
    const form = [...document.querySelectorAll(".o_form_view")].at(-1);
    form?.querySelector(`.o_notebook_headers a[name="${page || ""}"]`)?.click();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const field = form?.querySelector(`.o_field_widget[name="${name}"]`);
        if (field) {
            field.scrollIntoView({ block: "center" });
            const target = field.querySelector(FOCUSABLE);
            target?.focus();
            return target;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
}

registry.category("actions").add("openapi_pec_focus", (env, { params }) => {
    setTimeout(() => focusField(params.field, params.page), PAUSE); // once the button has let go of the form
});
