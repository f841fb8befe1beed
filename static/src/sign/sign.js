import { Component, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * The dialog in which who signs types PIN and one-time password. They stand in the fields alone until the form is sent, and go to
 * an address of their own: no record, and no call of a model, ever holds them.
 */
export class SignRemotely extends Component {
    static template = "l10n_it_openapi_pec.SignRemotely";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.form = useRef("form");
        this.state = useState({ isBusy: false, problem: "" });
    }

    get params() {
        return this.props.action.params;
    }

    async sign() {
        const body = new URLSearchParams(new FormData(this.form.el));
        body.set("filing_id", this.params.filing_id);
        body.set("csrf_token", odoo.csrf_token);
        Object.assign(this.state, { isBusy: true, problem: "" });
        for (const field of this.form.el.querySelectorAll("[type=password], [name=otp]")) {
            field.value = "";
        }
        const response = await browser.fetch("/openapi_pec/sign", { method: "POST", body }).catch(() => null);
        const answer = response?.ok && (await response.json().catch(() => null));
        this.state.isBusy = false;
        if (answer && !answer.problem) {
            this.close();
        } else {
            this.state.problem = answer?.problem || _t("Odoo did not answer. Close this, and look at the filing before you sign again.");
        }
    }

    close() {
        this.action.doAction({ type: "ir.actions.act_window_close" });
    }
}

registry.category("actions").add("openapi_pec_sign", SignRemotely);
