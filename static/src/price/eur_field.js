import { registry } from "@web/core/registry";
import { floatField } from "@web/views/fields/float/float_field";
import { formatFloat } from "@web/views/fields/formatters";

/** An amount of EUR, and the sums of a list below it: a part of a cent is shown where there is one. */
registry.category("fields").add("openapi_pec_eur", floatField);
registry
    .category("formatters")
    .add("openapi_pec_eur", (value, options = {}) => formatFloat(value, { ...options, digits: [16, 3], minDigits: 2 }));
