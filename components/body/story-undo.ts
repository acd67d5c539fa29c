import { defaultDeleteFilter, defaultProtectedNodes, ySyncPluginKey } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { fields } from "@/domain/body/anchor-state";

/**
 * One undo for the three fields of a text: it takes back only what this session wrote, newest first, in whichever
 * field that was. The editors' plugins end it whenever they are rebuilt; it lives as long as the text.
 * They also ask it to begin a new step whenever one of the three is drawn after a colleague's change, which would
 * make every letter a step: what is typed within half a second is one step, whoever else types.
 * It writes into the text past the editors, so it asks `mayWrite` itself.
 */
export function storyUndo(doc: Y.Doc, mayWrite: () => boolean = () => true): Y.UndoManager {
  const manager = new Y.UndoManager(
    fields.map((field) => doc.getXmlFragment(field)),
    {
      trackedOrigins: new Set([ySyncPluginKey]),
      deleteFilter: (item) => defaultDeleteFilter(item, defaultProtectedNodes),
      captureTransaction: (transaction) => transaction.meta.get("addToHistory") !== false,
    },
  );
  const end = manager.destroy.bind(manager);
  manager.destroy = () => {};
  manager.stopCapturing = () => {};
  const undo = manager.undo.bind(manager);
  const redo = manager.redo.bind(manager);
  manager.undo = () => (mayWrite() ? undo() : null);
  manager.redo = () => (mayWrite() ? redo() : null);
  doc.on("destroy", end);
  return manager;
}
