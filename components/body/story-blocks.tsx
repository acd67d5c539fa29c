/** A kept text as HTML, the same on the server and in the browser. Only what the schema knows is shown. */
import type { ReactNode } from "react";
import type { BodyNode, TextMark } from "@/domain/body/content";
import { isLinkAddress } from "@/domain/body/schema";

type StoryBlocksProps = {
  /** The blocks of one field. */
  readonly blocks: readonly BodyNode[];
  readonly className?: string;
};

export function StoryBlocks({ blocks, className }: StoryBlocksProps) {
  return <div className={`story-text ${className ?? ""}`}>{blocks.map(shown)}</div>;
}

function shown(node: BodyNode, index: number): ReactNode {
  const children = node.content?.map(shown);
  switch (node.type) {
    case "paragraph":
      return <p key={index}>{children}</p>;
    case "heading":
      return heading(node, index, children);
    case "bulletList":
      return <ul key={index}>{children}</ul>;
    case "orderedList": {
      const start = node.attrs?.["start"];
      return (
        <ol key={index} start={typeof start === "number" ? start : 1}>
          {children}
        </ol>
      );
    }
    case "listItem":
      return <li key={index}>{children}</li>;
    case "blockquote":
      return <blockquote key={index}>{children}</blockquote>;
    case "hardBreak":
      return <br key={index} />;
    case "text":
      return <Marked key={index} text={node.text ?? ""} marks={node.marks ?? []} />;
    default:
      return null;
  }
}

function heading(node: BodyNode, index: number, children: ReactNode): ReactNode {
  switch (node.attrs?.["level"]) {
    case 3:
      return <h3 key={index}>{children}</h3>;
    case 4:
      return <h4 key={index}>{children}</h4>;
    default:
      return <h2 key={index}>{children}</h2>;
  }
}

function Marked({ text, marks }: { readonly text: string; readonly marks: readonly TextMark[] }) {
  return marks.reduce<ReactNode>((inner, mark) => {
    switch (mark.type) {
      case "bold":
        return <strong>{inner}</strong>;
      case "italic":
        return <em>{inner}</em>;
      case "link": {
        const href = mark.attrs?.["href"];
        return typeof href === "string" && isLinkAddress(href) ? (
          <a href={href} rel="noreferrer noopener">
            {inner}
          </a>
        ) : (
          inner
        );
      }
      default:
        return inner;
    }
  }, text);
}
