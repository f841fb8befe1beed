import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";

/** Have the test take a picture of this moment, from the top of the page or where an element is. */
function picture(name, selector = "h1") {
    return {
        content: `Picture ${name}`,
        trigger: selector,
        async run() {
            document.querySelector(selector).scrollIntoView();
            await new Promise((resolve) => setTimeout(resolve, 300));
            console.log(`picture: ${name}`);
            await new Promise((resolve) => setTimeout(resolve, 700));
        },
    };
}

/** Choose a file (a function that returns its content, a Blob) in the form, under a name. */
function choose(content, getBlob, name) {
    return {
        content,
        trigger: "#signer_file",
        async run() {
            await inputFiles("#signer_file", [new File([await getBlob()], name)]);
        },
    };
}

async function download(address) {
    return (await fetch(address)).blob();
}

const send = {
    content: "Upload it",
    trigger: "#signer_form button[type=submit]",
    run: "click",
    expectUnloadPage: true,
};

registry.category("web_tour.tours").add("openapi_pec_sign", {
    steps: () => [
        {
            content: "The page tells what is filed, and fits the phone",
            trigger: "h1",
            run() {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`The page is ${scrollWidth} wide, the phone ${clientWidth}.`);
                }
            },
        },
        {
            content: "For whom",
            trigger: "dd:contains(Falegnameria Prova)",
        },
        picture("signer-1-page"),
        picture("signer-2-how", "#signer_sign"),
        choose("Choose something that is far too large", () => new Blob([new Uint8Array(21 * 2 ** 20)]), "video.mov"),
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
            () => download(document.querySelector("a.btn").href),
            "procura.pdf"
        ),
        send,
        {
            content: "The mistake is explained at once, where the screen reader and the eye are",
            trigger: "#signer_verdict[role=alert]:contains(This PDF is not signed digitally)",
            run() {
                if (document.activeElement !== this.anchor) {
                    throw new Error("The verdict does not have the focus.");
                }
            },
        },
        picture("signer-3-refused", "#signer_upload"),
        choose("Choose the signed one", () => download("/openapi_pec_tour/signed.p7m"), "procura.pdf.p7m"),
        send,
        {
            content: "Thank you",
            trigger: "[role=status]:contains(Thank you):contains(Signed by the applicant, Mario Rossi)",
        },
        picture("signer-4-thanks"),
    ],
});
