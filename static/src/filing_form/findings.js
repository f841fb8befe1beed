import { Component, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { focusField } from "./focus";

const SHOWN = 5; // items, so that what follows is seen without scrolling
const ICONS = { error: "fa-times-circle text-danger", warning: "fa-exclamation-triangle text-warning" };
const PAUSE = 100; // milliseconds, after which a closed dialog has given the focus back
const CLASSES = ["o_openapi_pec_error", "o_openapi_pec_warning"];

/** What was found about a filing: each item puts the cursor into its field, opens its contact, or chooses who signs. */
export class FindingList extends Component {
    static template = "l10n_it_openapi_pec.FindingList";
    static props = { items: Array, onFocus: Function, onOpen: Function, onButton: Function };
    icons = ICONS;

    setup() {
        this.state = useState({ isWhole: false });
    }

    get shown() {
        return this.state.isWhole ? this.props.items : this.props.items.slice(0, SHOWN);
    }

    get hiddenCount() {
        return this.props.items.length - this.shown.length;
    }

    get moreSentence() {
        return _t("Show all (%s more)", this.hiddenCount);
    }

    getContactUrl([model, id]) {
        return `/odoo/${model}/${id}`;
    }
}

function getContactAction([model, id]) {
    return { type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]] };
}

/** The findings on a form: the list, and each at its field. */
export class Findings extends Component {
    static template = "l10n_it_openapi_pec.Findings";
    static components = { FindingList };
    static props = standardWidgetProps;

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.root = useRef("root");
        useEffect(() => this.mark()); // whatever was rendered anew
        onWillUnmount(() => this.unmark());
    }

    get items() {
        return this.props.record.data.finding_items || [];
    }

    get form() {
        return this.root.el?.closest(".o_form_view");
    }

    /** Say at each field what is wrong there: an error below it, a warning while the pointer is on it. */
    mark() {
        this.unmark();
        for (const { level, field, sentence } of [...this.items].reverse()) {
            const element = field && this.form?.querySelector(`.o_field_widget[name="${field}"]`);
            if (element) {
                element.classList.remove(...CLASSES);
                element.classList.add(`o_openapi_pec_${level}`);
                element.dataset.finding = sentence;
                element.dataset.tooltip = sentence;
                element.querySelector("input, select, textarea")?.setAttribute("aria-invalid", level === "error");
            }
        }
    }

    unmark() {
        for (const element of this.form?.querySelectorAll("[data-finding]") || []) {
            element.classList.remove(...CLASSES);
            delete element.dataset.finding;
            delete element.dataset.tooltip;
            element.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
        }
    }

    focus(item) {
        focusField(item.field);
    }

    open(item) {
        return this.action.doAction(getContactAction(item.contact));
    }

    async chooseRepresentative() {
        const { record } = this.props;
        if (await record.save()) {
            const action = await this.orm.call(record.resModel, "action_choose_representative", [[record.resId]]);
            await this.action.doAction(action, { onClose: () => record.load() });
        }
    }
}

registry.category("view_widgets").add("openapi_pec_findings", {
    component: Findings,
    fieldDependencies: [{ name: "finding_items", type: "json" }],
});

/** What is missing before a button can do what it says. */
export class MissingDialog extends Component {
    static template = "l10n_it_openapi_pec.MissingDialog";
    static components = { Dialog, FindingList };
    static props = { title: String, items: Array, model: String, id: Number, close: Function };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    focus(item) {
        this.props.close();
        setTimeout(() => focusField(item.field), PAUSE);
    }

    open(item) {
        this.props.close();
        return this.action.doAction(getContactAction(item.contact));
    }

    async chooseRepresentative() {
        this.props.close();
        const action = await this.orm.call(this.props.model, "action_choose_representative", [[this.props.id]]);
        await this.action.doAction(action, { onClose: () => this.action.doAction("soft_reload") });
    }
}

registry.category("actions").add("openapi_pec_missing", (env, { params }) => {
    env.services.dialog.add(MissingDialog, params);
});
