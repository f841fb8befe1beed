import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The first reason why a line is to be corrected, in a few words; the others while the pointer is on it. */
export class ReasonsField extends Component {
    static template = "l10n_it_openapi_pec.ReasonsField";
    static props = { ...standardFieldProps };

    get reasons() {
        return (this.props.record.data.reasons || "").split("\n").filter(Boolean);
    }

    get tooltip() {
        return this.reasons.length > 1 ? this.props.record.data.reasons : "";
    }
}

registry.category("fields").add("openapi_pec_reasons", {
    component: ReasonsField,
    supportedTypes: ["selection", "char"],
    fieldDependencies: [{ name: "reasons", type: "text" }],
});
