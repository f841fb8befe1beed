import { Component, useEffect, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const PAUSE = 500; // milliseconds without a key, after which the service is asked

const AVAILABILITY = {
    free: { icon: "fa-check", className: "text-success" },
    taken: { icon: "fa-times", className: "text-danger" },
    wrong: { icon: "fa-times", className: "text-danger" },
    unknown: { icon: "fa-question", className: "text-warning" },
};

/**
 * What stands before the "@" of a new mailbox: looked up while it is typed, with proposals to choose from.
 * The view also has `domain`, `availability`, `availability_sentence` and `proposals`.
 */
export class MailboxAddressField extends Component {
    static template = "l10n_it_openapi_pec.MailboxAddressField";
    static props = { ...standardFieldProps };

    setup() {
        this.input = useRef("input");
        this.isTyping = false; // and the record does not know it yet
        this.commitSoon = useDebounced(() => this.commit(), PAUSE);
        // What comes back from the server never overwrites what was typed meanwhile.
        useEffect(
            (localPart) => {
                if (!this.isTyping) {
                    this.input.el.value = localPart;
                }
            },
            () => [this.data[this.props.name] || ""]
        );
        useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", ({ detail }) => detail.proms.push(this.commit()));
    }

    onInput() {
        this.isTyping = true;
        this.commitSoon();
    }

    get data() {
        return this.props.record.data;
    }

    get availability() {
        return AVAILABILITY[this.data.availability];
    }

    get proposals() {
        return (this.data.proposals || []).filter((proposal) => proposal.is_free !== false);
    }

    get takenCount() {
        return (this.data.proposals || []).length - this.proposals.length;
    }

    async commit() {
        if (this.isTyping) {
            await this.choose(this.input.el.value);
        }
    }

    async choose(localPart) {
        this.isTyping = false;
        await this.props.record.update({ [this.props.name]: localPart });
    }
}

registry.category("fields").add("openapi_pec_mailbox_address", {
    component: MailboxAddressField,
    supportedTypes: ["char"],
});
