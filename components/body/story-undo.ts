import { defaultDeleteFilter, defaultProtectedNodes, ySyncPluginKey } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { fields } from "@/domain/body/anchor-state";

/**
 * One undo for the three fields of a text: it takes back only what this session wrote, newest first, in whichever
 * field that was. The editors' plugins end it whenever they are rebuilt; it lives as long as the text.
 * They also ask it to begin a new step whenever one of the three is drawn after a colleague's change, which would
 * make every letter a step: what is typed within half a second is one step, whoever else types.
 */
export function storyUndo(doc: Y.Doc): Y.UndoManager {
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
  doc.on("destroy", end);
  return manager;
}
