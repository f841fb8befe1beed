import { Component, onMounted, onWillUnmount, status, useRef, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PAUSE = 2000; // milliseconds between two readings
const GATHERING = 300; // milliseconds in which several changes are told
const CHANNEL = "openapi_pec_changed"; // of the server, see models/service/ir_websocket.py
let pageCount = 0; // that listen: the next form is there before the last one goes

/**
 * Reads a form's record anew, unless somebody is changing it: when the server tells that it has changed, and every now
 * and then while its state is "running", or a mail or a signature of it is on its way.
 */
export class KeepFresh extends Component {
    static template = xml`<span t-ref="root"/>`;
    static props = standardWidgetProps;

    setup() {
        this.root = useRef("root");
        this.bus = useService("bus_service");
        this.onChanged = ({ model, ids }) => this.readIfMeant(model, ids);
        onMounted(() => {
            this.plan();
            pageCount++;
            this.bus.addChannel(CHANNEL);
            this.bus.subscribe(CHANNEL, this.onChanged);
        });
        onWillUnmount(() => {
            clearTimeout(this.timeout);
            clearTimeout(this.later);
            this.bus.unsubscribe(CHANNEL, this.onChanged);
            pageCount--;
            if (!pageCount) {
                this.bus.deleteChannel(CHANNEL);
            }
        });
    }

    plan() {
        this.timeout = setTimeout(() => this.read(), PAUSE);
    }

    async read() {
        const { state, mail_state, is_signing } = this.props.record.data;
        const moves = state === "running" || mail_state === "waiting" || is_signing;
        if (moves && !document.hidden) {
            await this.load();
        }
        if (status(this) === "mounted") {
            this.plan();
        }
    }

    readIfMeant(model, ids) {
        const { record } = this.props;
        if (model === record.resModel && ids.includes(record.resId)) {
            this.loadInPeace();
        }
    }

    /**
     * Read once what is told several times, and not while a button is at work: all are disabled then, but those that a
     * reading puts beside them would not be.
     */
    loadInPeace() {
        clearTimeout(this.later);
        this.later = setTimeout(async () => {
            if (this.root.el?.closest(".o_form_view")?.querySelector(".o_statusbar_buttons button[disabled]")) {
                this.loadInPeace();
            } else {
                await this.load();
            }
        }, GATHERING);
    }

    /** What a person is typing stays; who may not read the record any more sees what was there. */
    async load() {
        const { record } = this.props;
        if (status(this) === "mounted" && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("openapi_pec_keep_fresh", { component: KeepFresh });
