import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PAUSE = 2000; // milliseconds between two readings

/** Reads a form's record anew while its state is "running" or a mail of it is on its way, unless somebody is changing it. */
export class KeepFresh extends Component {
    static template = xml`<span/>`;
    static props = standardWidgetProps;

    setup() {
        onMounted(() => this.plan());
        onWillUnmount(() => clearTimeout(this.timeout));
    }

    plan() {
        this.timeout = setTimeout(() => this.read(), PAUSE);
    }

    async read() {
        const { record } = this.props;
        const moves = record.data.state === "running" || record.data.mail_state === "waiting";
        if (moves && !document.hidden && !(await record.isDirty())) {
            await record.load();
        }
        this.plan();
    }
}

registry.category("view_widgets").add("openapi_pec_keep_fresh", { component: KeepFresh });
