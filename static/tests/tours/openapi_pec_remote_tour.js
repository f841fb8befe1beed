import { registry } from "@web/core/registry";
import { isAccessible } from "./accessibility";
import { fitsThePhone, picture, verdict } from "./signer_tour_utils";
import { picture as pictureOfScreen } from "./tour_utils";

const FORM = "#signer_remote_form";
// What the vendor's sandbox takes.
const [USERNAME, PIN, OTP] = ["openapiSandboxUsername", "openapiSandboxPassword", "123456"];

function type(form, name, text) {
    return { content: `Type ${name}`, trigger: `${form} input[name=${name}]`, run: `edit ${text}` };
}

function sign(otp) {
    return [
        type(FORM, "username", USERNAME),
        type(FORM, "pin", PIN),
        type(FORM, "otp", otp),
        { content: "Sign", trigger: `${FORM} button[type=submit]`, run: "click", expectUnloadPage: true },
    ];
}

registry.category("web_tour.tours").add("openapi_pec_sign_remotely", {
    steps: () => [
        fitsThePhone,
        isAccessible,
        picture("remote-1-page", "#signer_remote"),
        ...sign("999999"),
        verdict("It was wrong, and that is said at once", "#signer_remote_problem[role=alert]:contains(Wait for the next code)"),
        {
            content: "The username stays, and nothing else that was typed",
            trigger: `${FORM} input[name=username]:value(${USERNAME})`,
            run() {
                if ([...document.querySelectorAll(`${FORM} :is([name=pin], [name=otp])`)].some(({ value }) => value)) {
                    throw new Error("A field still holds what was typed.");
                }
                if (location.href.includes("pin=")) {
                    throw new Error("The address holds the PIN.");
                }
            },
        },
        fitsThePhone,
        isAccessible,
        picture("remote-2-wrong", "#signer_remote"),
        ...sign(OTP),
        {
            content: "Thank you",
            trigger: "[role=status]:contains(on its way to the service)",
        },
        fitsThePhone,
        isAccessible,
        picture("remote-3-thanks"),
    ],
});

const DIALOG = ".o_openapi_pec_sign";

function signInDialog(otp) {
    return [
        { trigger: "button[name=action_sign_remotely]", run: "click" },
        { content: "It says who signs", trigger: `${DIALOG}:contains(Mario Rossi)` },
        type(DIALOG, "username", USERNAME),
        type(DIALOG, "pin", PIN),
        type(DIALOG, "otp", otp),
        {
            content: "Press twice: no field that the first press has emptied asks for anything",
            trigger: `${DIALOG} button[type=submit]`,
            run() {
                let hasAsked = false;
                this.anchor.form.addEventListener("invalid", () => (hasAsked = true), { capture: true, once: true });
                this.anchor.click();
                this.anchor.click();
                if (hasAsked) {
                    throw new Error("A field that was emptied asks to be filled.");
                }
            },
        },
    ];
}

registry.category("web_tour.tours").add("openapi_pec_sign_in_filing", {
    steps: () => [
        ...signInDialog("999999").toSpliced(2, 0, pictureOfScreen("remote-4-dialog")),
        { content: "It was wrong", trigger: `${DIALOG} .alert:contains(Wait for the next code of the app)` },
        { content: "The username stays", trigger: `${DIALOG} input[name=username]:value(${USERNAME})` },
        { content: "The PIN does not", trigger: `${DIALOG} input[name=pin]:value()` },
        pictureOfScreen("remote-5-wrong-dialog"),
        ...signInDialog(OTP).slice(3),
        { content: "It is good", trigger: ".alert-success:contains(can be sent)" },
        { trigger: "button[name=action_send_documents]", run: "click" },
        { content: "Delivered", trigger: ".o_arrow_button_current:contains(Documents Delivered)" },
    ],
});

// Who signs had a certificate that has ended: he is told so, and signs with another one.
registry.category("web_tour.tours").add("openapi_pec_sign_with_another", {
    steps: () => [
        fitsThePhone,
        isAccessible,
        { content: "It is said before he types", trigger: "#signer_remote_warning:contains(nothing can be signed with it)" },
        picture("remote-8-ended", "#signer_remote"),
        ...sign(OTP),
        { content: "Thank you", trigger: "[role=status]:contains(Thank you)" },
    ],
});

registry.category("web_tour.tours").add("openapi_pec_sign_with_another_in_filing", {
    steps: () => [
        { trigger: "button[name=action_sign_remotely]", run: "click" },
        { content: "It is said before anybody types", trigger: `${DIALOG} .alert:contains(nothing can be signed with it)` },
        { content: "The username of the certificate that has ended is not proposed", trigger: `${DIALOG} input[name=username]:value()` },
        pictureOfScreen("remote-6-ended-dialog"),
        ...signInDialog(OTP).slice(2),
        { content: "It is good", trigger: ".alert-success:contains(can be sent)" },
        { content: "What the service has can be deleted", trigger: "button[name=action_delete_signed]" },
        pictureOfScreen("remote-7-delete", "button[name=action_delete_signed]"),
        { trigger: "button[name=action_delete_signed]", run: "click" },
        { trigger: ".modal .btn-primary:contains(Delete at the Service)", run: "click" },
        { content: "It is said in the chatter", trigger: ".o-mail-Message:contains(had the service delete its copy)" },
        { content: "Once", trigger: ".o_form_view:not(:has(button[name=action_delete_signed]))" },
    ],
});
