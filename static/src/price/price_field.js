import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/** A price that nobody has seen yet is no price of nothing. */
export class PriceField extends FloatField {
    static template = "web.FloatField";

    get formattedValue() {
        const { amount, seen_on } = this.props.record.data;
        if (amount || seen_on) {
            return super.formattedValue;
        }
        return this.props.readonly ? _t("not known") : "";
    }
}

registry.category("fields").add("openapi_pec_price", { ...floatField, component: PriceField });
