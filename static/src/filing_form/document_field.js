import { useRef } from "@odoo/owl";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { registry } from "@web/core/registry";
import { isBinarySize } from "@web/core/utils/binary";
import { getDataURLFromFile, url } from "@web/core/utils/urls";
import { BinaryField, binaryField } from "@web/views/fields/binary/binary_field";

const SHOWN_BY_BROWSERS = /\.(pdf|png|jpe?g)$/i;

/** A document of a filing: it can be dropped there, and looked at where the browser can show it. */
export class DocumentField extends BinaryField {
    static template = "l10n_it_openapi_pec.DocumentField";

    setup() {
        super.setup();
        this.root = useRef("root");
        useDropzone(this.root, (ev) => this.drop(ev), "", () => !this.props.readonly);
    }

    async drop(ev) {
        const [file] = ev.dataTransfer?.files || [];
        if (file) {
            const [, data] = (await getDataURLFromFile(file)).split(",");
            await this.update({ data, name: file.name });
        }
    }

    /** The address that shows what is saved; nothing for what the browser would download. */
    get previewUrl() {
        const { record, name } = this.props;
        const isSaved = record.resId && isBinarySize(record.data[name]);
        return isSaved && SHOWN_BY_BROWSERS.test(this.fileName)
            ? url(`/web/content/${record.resModel}/${record.resId}/${name}`, { filename: this.fileName })
            : "";
    }
}

registry.category("fields").add("openapi_pec_document", { ...binaryField, component: DocumentField });
