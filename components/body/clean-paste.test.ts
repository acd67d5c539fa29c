// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { cleanPastedHtml, pastedLine } from "./clean-paste";

test("Word's deleted words, comments, pictures and hidden text stay behind", () => {
  const word = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style></head><body>
<!--StartFragment--><p class=MsoNormal style='mso-margin-top-alt:auto'>About <del>5,000</del><ins>4,600</ins> soldiers<span
class=MsoCommentReference>[A1]</span> came.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>
<img src="file:///C:/x.png"><p style='display:none'>secret</p><!--EndFragment--></body></html>`;
  expect(cleanPastedHtml(word).replaceAll(/\s+/g, " ").trim()).toBe(
    "<p>About <ins>4,600</ins> soldiers came.</p>",
  );
});

test("Word's list paragraphs become lists, nested by their level", () => {
  const item = (level: number, marker: string, words: string) =>
    `<p class=MsoListParagraph style='mso-list:l0 level${String(level)} lfo1'><span style='mso-list:Ignore'>${marker}<span>&nbsp;</span></span>${words}</p>`;
  const word = item(1, "1.", "First") + item(2, "·", "Inner") + item(1, "2.", "Second") + "<p>After</p>";
  expect(cleanPastedHtml(word)).toBe(
    "<ol><li><p>First</p><ul><li><p>Inner</p></li></ul></li><li><p>Second</p></li></ol><p>After</p>",
  );
});

test("Google Docs' wrapper is no bold and its links lead where they say", () => {
  const docs = `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span style="font-weight:700;color:#000">Bold</span> <span style="font-style:italic">it</span> <a href="https://www.google.com/url?q=https://www.nato.int/a?b%3D1&amp;sa=D">NATO</a></p><br></b>`;
  expect(cleanPastedHtml(docs)).toBe(
    '<p><span style="font-weight: 700">Bold</span> <span style="font-style: italic">it</span> <a href="https://www.nato.int/a?b=1">NATO</a></p>',
  );
});

test("headings are brought to levels 2 to 4, tables to lines, foreign links to words", () => {
  expect(cleanPastedHtml("<h1>One</h1><h6 style='font-weight:700'>Six</h6>")).toBe(
    "<h2>One</h2><h4>Six</h4>",
  );
  expect(cleanPastedHtml("<table><tr><td>KFOR</td><td>4,600</td></tr></table>")).toBe("<p>KFOR | 4,600</p>");
  expect(cleanPastedHtml('<p><a href="javascript:alert(1)">here</a></p>')).toBe("<p>here</p>");
});

test("[BO4] characters that reorder what is read are taken out", () => {
  expect(cleanPastedHtml("<p>4\u202E006\u2069 soldiers</p>")).toBe("<p>4006 soldiers</p>");
  expect(pastedLine("  NATO\u200F chief\nin Pristina ")).toBe("NATO chief in Pristina");
});

test("what our own editors copied passes as it is", () => {
  const own = '<p data-pm-slice="1 1 []">words</p>';
  expect(cleanPastedHtml(own)).toBe(own);
});
