import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("openapi_pec_uninstall", {
    steps: () => [
        {
            content: "Uninstall the addon",
            trigger: "button[name=button_uninstall_wizard]",
            run: "click",
        },
        {
            content: "What goes is told in words",
            trigger: ".modal .alert-danger:contains(lines of the journal):contains(Civil Code)",
        },
        {
            content: "It can be exported first",
            trigger: ".modal .alert-danger button[name=action_openapi_pec_export]:contains(Export First)",
        },
        {
            content: "What is under way is told loudly",
            trigger: ".modal .alert-danger:contains(Calls under way) div[name=openapi_pec_is_sure] input:not(:checked)",
        },
        {
            content: "The ordinary way is refused",
            trigger: ".modal footer button[name=action_uninstall]",
            run: "click",
        },
        {
            trigger: ".modal:contains(Nothing was uninstalled)",
        },
    ],
});
