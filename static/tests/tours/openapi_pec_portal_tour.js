import { registry } from "@web/core/registry";
import { fitsThePhone } from "./signer_tour_utils";

registry.category("web_tour.tours").add("openapi_pec_portal", {
    steps: () => [
        {
            content: "What waits for a signature stands on top, counted",
            trigger: "#portal_alert_category a[href='/my/pec-papers']:contains(2)",
        },
        {
            content: "Filings are there as well",
            trigger: "#portal_client_category a[href='/my/pec']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The list says how far each is",
            trigger: "table td:contains(Falegnameria Prova)",
        },
        fitsThePhone,
        {
            trigger: "table td a[href*='/my/pec/']:not([href$='/sign'])",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The page of one says no more than that of who signs",
            trigger: "dl dd:contains(Mario Rossi)",
        },
        fitsThePhone,
        {
            content: "From there to the page where one signs",
            trigger: "main a.btn-primary[href$='/sign']",
        },
        {
            trigger: "h1",
            run() {
                location.href = "/my/pec-papers";
            },
            expectUnloadPage: true,
        },
        {
            content: "Both papers",
            trigger: "main .card a.btn-primary[href*='/my/pec-mailboxes/']",
        },
        fitsThePhone,
        {
            content: "Sign the filing's",
            trigger: "main .card a.btn-primary[href*='/my/pec/']",
            // The signer's page has none of Odoo's scripts: what it shows is asked for here.
            async run() {
                const page = await (await fetch(this.anchor.href)).text();
                if (!page.includes("Procura da firmare")) {
                    throw new Error("This is not the signer's page, in Italian.");
                }
            },
        },
    ],
});
