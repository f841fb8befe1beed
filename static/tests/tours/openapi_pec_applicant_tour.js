import { registry } from "@web/core/registry";
import { isAccessible } from "./accessibility";
import { choose, download, fitsThePhone, picture, send, verdict } from "./signer_tour_utils";

const FORM = "#signed_form";
const IDENTITY = "#identity_document";
const PICTURE = () => new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16])]);

/** A photograph of a card, as a phone makes it. */
const PHOTO = () =>
    new Promise((resolve) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 1200, height: 800 });
        canvas.getContext("2d").fillRect(0, 0, 1200, 800);
        canvas.toBlob(resolve, "image/jpeg");
    });

registry.category("web_tour.tours").add("openapi_pec_apply", {
    steps: () => [
        fitsThePhone,
        isAccessible,
        {
            content: "The page tells what it is about, and for whom",
            trigger: "dd:contains(Falegnameria Prova)",
        },
        picture("applicant-1-page"),
        picture("applicant-2-how", "#signer_sign"),
        choose("Choose something that is far too large", FORM, () => new Blob([new Uint8Array(21 * 2 ** 20)]), "video.mov"),
        {
            content: "It is told before it is uploaded",
            trigger: "#signed_form_too_large:contains(larger than 20 MB)",
        },
        choose("Choose a small picture for the other", IDENTITY, PICTURE, "card.jpg"),
        {
            content: "The first one still cannot be uploaded",
            trigger: "#signer_form button[type=submit]:disabled",
        },
        choose("Choose the signed form", FORM, () => download("/openapi_pec_tour/form.pdf"), "form.pdf"),
        {
            content: "Both can be uploaded",
            trigger: "#signer_form:not(:contains(larger than 20 MB)) button[type=submit]:enabled",
        },
        send,
        verdict("The picture is refused, and why", "#signer_verdict[role=alert]:contains(Identity document):contains(This picture is damaged)"),
        {
            content: "The form is kept",
            trigger: "#signer_upload ~ [role=status]:contains(is kept):contains(Signed form)",
        },
        fitsThePhone,
        isAccessible,
        picture("applicant-3-refused", "#signer_upload"),
        choose("Choose a photo of its front alone", IDENTITY, PHOTO, "front.jpg"),
        send,
        verdict("It is kept, and the other side is asked for", "[role=status]:contains(still missing):contains(its other side)"),
        {
            content: "Or one may say that there is none",
            trigger: "#is_one_page:not(:checked)",
        },
        fitsThePhone,
        isAccessible,
        picture("applicant-3-front", "#signer_upload"),
        choose("Choose the identity document as PDF", IDENTITY, () => download("/openapi_pec_tour/identity.pdf"), "card.pdf"),
        send,
        verdict("Thank you", "[role=status]:contains(Thank you)"),
        fitsThePhone,
        isAccessible,
        {
            content: "What is done is folded",
            trigger: "details:not([open]) summary",
        },
        picture("applicant-4-thanks"),
    ],
});
