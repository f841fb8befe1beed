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
        this.orm = useService("orm");
        this.form = useRef("form");
        this.button = useRef("button");
        const { offer, username } = this.props.action.params;
        this.state = useState({ isBusy: false, problem: "", offer, username });
    }

    get params() {
        return this.props.action.params;
    }

    async sign() {
        const button = this.button.el;
        button.disabled = true; // at once: a second press would ask for the fields that are emptied below
        const body = new URLSearchParams(new FormData(this.form.el));
        body.set("filing_id", this.params.filing_id);
        body.set("offer", this.state.offer);
        body.set("csrf_token", odoo.csrf_token);
        Object.assign(this.state, { isBusy: true, problem: "", username: body.get("username") });
        for (const field of this.form.el.querySelectorAll("[type=password], [name=otp]")) {
            field.value = "";
        }
        const response = await browser.fetch("/openapi_pec/sign", { method: "POST", body }).catch(() => null);
        const answer = response?.ok && (await response.json().catch(() => null));
        const problem = answer && (answer.problem || (await this.getFailure()));
        button.disabled = false;
        Object.assign(this.state, { isBusy: false, offer: answer?.offer || this.state.offer });
        if (problem === "") {
            this.close();
        } else {
            this.state.problem = problem || _t("Odoo did not answer. Close this, and look at the filing before you sign again.");
        }
    }

    /** Return why the attempt was in vain, which is known by now or shown by the filing later; "" where it was not. */
    async getFailure() {
        const names = ["is_signing", "signing_sentence"];
        const [filing] = await this.orm.read("openapi_pec.communication", [this.params.filing_id], names).catch(() => [{}]);
        return (!filing.is_signing && filing.signing_sentence) || "";
    }

    close() {
        this.action.doAction({ type: "ir.actions.act_window_close" });
    }
}

registry.category("actions").add("openapi_pec_sign", SignRemotely);
