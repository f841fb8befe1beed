import { registry } from "@web/core/registry";
import { isAccessible } from "./accessibility";
import { choose, download, fitsThePhone, picture, send, verdict } from "./signer_tour_utils";

const FILE = "#signer_file";

registry.category("web_tour.tours").add("openapi_pec_sign", {
    steps: () => [
        fitsThePhone,
        isAccessible,
        {
            content: "The page tells what is filed, and for whom",
            trigger: "dd:contains(Falegnameria Prova)",
        },
        picture("signer-1-page"),
        picture("signer-2-how", "#signer_sign"),
        choose("Choose something that is far too large", FILE, () => new Blob([new Uint8Array(21 * 2 ** 20)]), "video.mov"),
        {
            content: "It is told before it is uploaded",
            trigger: "#signer_too_large:contains(larger than 20 MB)",
        },
        {
            content: "It cannot be uploaded",
            trigger: "#signer_form button[type=submit]:disabled",
        },
        choose(
            "Choose the power of attorney by mistake unsigned",
            FILE,
            () => download(document.querySelector("a.btn").href),
            "procura.pdf"
        ),
        send,
        verdict("The mistake is explained at once", "#signer_verdict[role=alert]:contains(This PDF is not signed digitally)"),
        isAccessible,
        picture("signer-3-refused", "#signer_upload"),
        choose("Choose the signed one", FILE, () => download("/openapi_pec_tour/signed.p7m"), "procura.pdf.p7m"),
        send,
        {
            content: "Thank you",
            trigger: "[role=status]:contains(Thank you):contains(Signed by the applicant, Mario Rossi)",
        },
        isAccessible,
        {
            content: "What is done is folded",
            trigger: "details:not([open]) summary",
        },
        picture("signer-4-thanks"),
    ],
});
