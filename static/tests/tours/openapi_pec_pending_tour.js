import { registry } from "@web/core/registry";
import { download, fitsThePhone } from "./signer_tour_utils";

registry.category("web_tour.tours").add("openapi_pec_pending", {
    steps: () => [
        {
            content: "What was uploaded is being checked",
            trigger: "#signer_pending[role=status]:contains(is being checked)",
        },
        fitsThePhone,
        {
            content: "Something else can be uploaded in its place",
            trigger: "details:not([open]) summary",
            run: "click",
        },
        {
            content: "The signed file takes its place, from another window, and is checked at once",
            trigger: "#signer_form",
            async run() {
                const form = document.querySelector("#signer_form");
                const data = new FormData(form);
                data.set("signed_file", await download("/openapi_pec_tour/signed.p7m"), "procura.pdf.p7m");
                await fetch(form.action, { method: "POST", body: data });
            },
            expectUnloadPage: true,
        },
        {
            content: "The page shows the result by itself",
            trigger: "main:not(:has(#signer_pending)) [role=status]:contains(Thank you)",
        },
    ],
});
