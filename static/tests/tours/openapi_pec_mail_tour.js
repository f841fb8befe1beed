import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("openapi_pec_mail", {
    steps: () => [
        {
            content: "The mail did not arrive, and the form says why",
            trigger: ".alert-danger:contains(did not reach its signer):contains(outgoing mail server cannot be reached)",
        },
        {
            trigger: ".o_field_widget[name=mail_state]:contains(Failed)",
        },
        {
            content: "Mail it again",
            trigger: "button[name=action_open_mailing]",
            run: "click",
        },
        {
            content: "The mail is shown before it leaves",
            trigger: ".modal .o_field_widget[name=preview_body]:contains(Dear Mario Rossi):contains(Anna Verdi)",
        },
        {
            content: "Nothing covers it",
            trigger: "body:not(:has(.o_datetime_picker)) .modal .o_field_widget[name=sign_by]",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is not said to be there before it is",
            trigger: ".o_notification:contains(1 mail is on its way):contains(To 1 signer: Mario Rossi)",
        },
        {
            trigger: ".o_field_widget[name=mail_state]:contains(On Its Way)",
        },
        {
            content: "By itself the form shows what became of it",
            trigger: ".o_field_widget[name=mail_state]:contains(Mailed)",
        },
        {
            trigger: "body:not(:has(.alert-danger:contains(did not reach its signer))) .o_field_widget[name=procura_mailed_at]",
        },
        {
            content: "Look at the mail",
            trigger: ".o_field_widget[name=signing_request_id] a",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value=sent]",
        },
        {
            content: "Its message is kept without the link",
            trigger: ".o-mail-Message:contains(digital signature):not(:has(a[href*='access_token']))",
        },
    ],
});
