import {
    Component,
    onWillStart,
    onWillUnmount,
    onWillUpdateProps,
    status,
    useEffect,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";

const MODEL = "openapi_pec.batch";
const PAUSE = 2000; // milliseconds between two readings while calls are made
const FILTER = "openapi_pec_reason"; // name of the filter by a reason, of which one counts at a time
export const SAVED = "openapi_pec_worklist_saved"; // on the bus of the list's model: a line was saved

const BUTTONS = {
    action_open_submit: { label: _t("Submit What Is Ready"), icon: "fa-paper-plane", kind: "primary" },
    action_go_on: { label: _t("The Account Is in Order: Go On"), icon: "fa-play", kind: "primary" },
    action_resume: { label: _t("Resume"), icon: "fa-play", kind: "primary" },
    action_open_sign_many: { label: _t("Sign Them All"), icon: "fa-pencil-square-o", kind: "primary" },
    action_pause: { label: _t("Pause"), icon: "fa-pause", kind: "warning" },
};

/** What stands above the lines of a multiple filing: how far it is, its buttons, and how often each reason is there. */
export class WorklistHead extends Component {
    static template = "l10n_it_openapi_pec.WorklistHead";
    static props = { list: Object };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ data: null, isBusy: false });
        useBus(this.props.list.model.bus, SAVED, () => this.read());
        onWillStart(() => this.read());
        onWillUpdateProps(() => {
            this.read(); // the lines need not wait for it
        });
        useEffect(
            () => {
                this.read(); // several lines were corrected at once
            },
            () => [this.props.list.records.map((record) => record.data.finding_reason).join()]
        );
        onWillUnmount(() => clearTimeout(this.timeout));
    }

    get batchId() {
        return this.props.list.context.openapi_pec_batch_id;
    }

    get data() {
        return this.state.data;
    }

    get buttons() {
        const [first] = this.data.may; // the next step
        return this.data.may.map((name) => {
            const button = BUTTONS[name];
            const kind = button.kind === "primary" && name !== first ? "secondary" : button.kind;
            return { name, ...button, kind };
        });
    }

    get readySentence() {
        const { ready, warned, price } = this.data;
        const isFree = price === false || this.data.is_sandbox; // not known here, or nothing
        return [
            isFree
                ? _t("%s ready", ready)
                : _t("%(count)s ready, EUR %(price)s", { count: ready, price: formatFloat(price, { digits: [16, 2] }) }),
            ...(warned ? [_t("%s to be looked at", warned)] : []),
        ].join(", ");
    }

    get progressSentence() {
        const { sent, waiting, failed } = this.data;
        return [
            _t("%s sent", sent),
            ...(waiting ? [_t("%s waiting", waiting)] : []),
            ...(failed ? [_t("%s failed", failed)] : []),
        ].join(", ");
    }

    get reasonShown() {
        return this.env.searchModel.getSearchItems((item) => item.name === FILTER && item.isActive)[0]?.reason;
    }

    async read() {
        clearTimeout(this.timeout);
        if (!this.batchId) {
            return;
        }
        const data = await this.orm.silent.call(MODEL, "get_worklist", [[this.batchId]]);
        clearTimeout(this.timeout); // of another reading
        if (status(this) !== "destroyed") {
            this.state.data = data;
            if (data.state === "running" || data.is_signing) {
                this.timeout = setTimeout(() => this.follow(), PAUSE);
            }
        }
    }

    /** Read how far the calls are; the lines as well when some have moved on, unless somebody is correcting one. */
    async follow() {
        if (document.hidden) {
            this.timeout = setTimeout(() => this.follow(), PAUSE);
            return;
        }
        const { sent, failed, signing } = this.data;
        await this.read();
        const hasMoved = this.data.sent !== sent || this.data.failed !== failed || this.data.signing !== signing;
        if (status(this) === "mounted" && hasMoved && !this.props.list.editedRecord) {
            await this.props.list.load();
        }
    }

    /** Show the lines with one reason alone; all of them again when it is pressed a second time. */
    toggle(reason) {
        const model = this.env.searchModel;
        const isShown = this.reasonShown === reason.key;
        const filters = model.getSearchItems((item) => item.name === FILTER);
        for (const filter of filters.filter((filter) => filter.isActive)) {
            model.toggleSearchItem(filter.id);
        }
        const known = filters.find((filter) => filter.reason === reason.key);
        if (!isShown && known) {
            model.toggleSearchItem(known.id);
        } else if (!isShown) {
            model.createNewFilters([
                {
                    name: FILTER,
                    reason: reason.key,
                    description: reason.label,
                    domain: `[("finding_reason", "=", "${reason.key}")]`,
                },
            ]);
        }
    }

    async press(name) {
        if (!(await this.props.list.leaveEditMode())) {
            return; // what is typed cannot be saved
        }
        this.state.isBusy = true;
        try {
            const action = await this.orm.call(MODEL, name, [[this.batchId]]);
            if (action) {
                await this.action.doAction(action, { onClose: () => this.reload() });
            } else {
                await this.reload();
            }
        } finally {
            this.state.isBusy = false;
        }
    }

    async reload() {
        if (status(this) === "mounted") {
            await this.props.list.load();
            await this.read();
        }
    }

    openBatch() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MODEL,
            res_id: this.batchId,
            views: [[false, "form"]],
        });
    }
}
