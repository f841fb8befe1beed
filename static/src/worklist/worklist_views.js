import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { SAVED, WorklistHead } from "./worklist_head";

/** The lines of a multiple filing; its head is told when one was saved. */
export class WorklistController extends ListController {
    async onRecordSaved(record) {
        await super.onRecordSaved(record);
        this.model.bus.trigger(SAVED);
    }
}

export class WorklistRenderer extends ListRenderer {
    static template = "l10n_it_openapi_pec.WorklistRenderer";
    static components = { ...ListRenderer.components, WorklistHead };
}

export class WorklistKanbanRenderer extends KanbanRenderer {
    static template = "l10n_it_openapi_pec.WorklistKanbanRenderer";
    static components = { ...KanbanRenderer.components, WorklistHead };
}

registry.category("views").add("openapi_pec_worklist", {
    ...listView,
    Controller: WorklistController,
    Renderer: WorklistRenderer,
});

registry.category("views").add("openapi_pec_worklist_kanban", {
    ...kanbanView,
    Renderer: WorklistKanbanRenderer,
});
