import { registry } from "@web/core/registry";
import { isAccessible } from "./accessibility";
import { choose, download, fitsThePhone, picture, send, verdict } from "./signer_tour_utils";

const signAndUpload = (number) => [
    fitsThePhone,
    isAccessible,
    {
        content: "The page speaks Italian",
        trigger: "h1:contains(Procura da firmare)",
    },
    {
        content: "Download it",
        trigger: "#signer_download ~ a.btn",
        async run() {
            await fetch(this.anchor.href);
        },
    },
    choose("Choose the signed one", "#signer_file", () => download(`/openapi_pec_tour/signed-${number}.p7m`), "procura.pdf.p7m"),
    send,
    verdict("Thank you", "[role=status]:contains(Grazie: il file firmato è arrivato)"),
    isAccessible,
    picture(`two-papers-${number}`),
];

registry.category("web_tour.tours").add("openapi_pec_sign_both", {
    steps: () => [
        ...signAndUpload(1),
        {
            content: "Open the other link of the same mail",
            trigger: "h1",
            async run() {
                const [, second] = await (await fetch("/openapi_pec_tour/links.json")).json();
                location.href = second;
            },
            expectUnloadPage: true,
        },
        {
            content: "It is another filing",
            trigger: "dd:contains(mario.rossi@legalmail.it)",
        },
        ...signAndUpload(2),
    ],
});

registry.category("web_tour.tours").add("openapi_pec_compose", {
    steps: () => [
        {
            trigger: "button[name=action_open_mailing]",
            run: "click",
        },
        {
            content: "To whom it goes",
            trigger: ".modal .o_field_widget[name=line_ids] td:contains(mario@example.com)",
        },
        {
            content: "Add a few words",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Come da accordi",
        },
        {
            content: "Leave the field",
            trigger: ".modal .o_field_widget[name=sign_by] :is(input, button)",
            run: "click",
        },
        {
            content: "The mail is shown with them before it leaves",
            trigger: ".modal .o_field_widget[name=preview_body]:contains(Mario Rossi):contains(Come da accordi)",
        },
        picture("mailing"),
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_field_widget[name=mail_state]",
        },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_reminded", {
    steps: () => [
        {
            content: "How often who signs was reminded, and when the next reminder leaves",
            trigger: ".o_field_widget[name=reminders_sent]:contains(1)",
        },
        {
            trigger: ".o_field_widget[name=remind_at]",
        },
    ],
});
