import { Component, onMounted, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "openapi_pec.overview";

/** The page on which the application opens; what it shows, and in which words, comes from the server in one call. */
export class Overview extends Component {
    static template = "l10n_it_openapi_pec.Overview";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.state = useState({ isBusy: false, wallets: {} });
        onWillStart(async () => {
            [this.data, this.isSystem] = await Promise.all([
                this.orm.call(MODEL, "get_overview", []),
                user.hasGroup("base.group_system"),
            ]);
        });
        onMounted(() => this.readWallets());
    }

    /** Have the balances read, for which the page does not wait; what is known of before is shown with its time. */
    async readWallets() {
        if (this.data.accounts.some((account) => account.wallet)) {
            Object.assign(this.state.wallets, await this.orm.silent.call(MODEL, "read_wallets", []));
        }
    }

    showWallet(account) {
        return this.state.wallets[account.id] || account.wallet;
    }

    /** The first of the first steps that is still to be done, and can be done here; its first button is the primary one. */
    get nextStep() {
        return this.data.steps.find((step) => !step.is_done && step.buttons.some((button) => !button.url))?.name;
    }

    /** Height of a bar in percent of the highest one. */
    height(count) {
        const highest = Math.max(...this.data.weeks.flatMap((week) => [week.submitted, week.completed]));
        return highest ? (100 * count) / highest : 0;
    }

    describeWeek(week) {
        return _t("Week of %(day)s: %(submitted)s submitted, %(completed)s completed", {
            day: week.label,
            submitted: week.submitted,
            completed: week.completed,
        });
    }

    open(xmlId, context = {}) {
        return this.action.doAction(xmlId, { additionalContext: context });
    }

    openCompanies() {
        return this.open("contacts.action_contacts", { search_default_type_company: 1 });
    }

    /** Do what a button of a first step does: open an action, or call a method whose answer is an action. */
    async press(button) {
        if (button.action) {
            return this.open(button.action, button.context);
        }
        this.state.isBusy = true;
        try {
            await this.action.doAction(await this.orm.call(MODEL, button.method, []));
        } finally {
            this.state.isBusy = false;
        }
    }

    openJob(job) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "ir.cron",
            res_id: job.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("openapi_pec_overview", Overview);
