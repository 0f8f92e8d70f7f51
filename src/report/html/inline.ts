export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** What links and pictures of a page become when it has to stand alone. */
export interface Resources {
  /** A picture's path → a data URL. */
  image(path: string): string;
  /** A link's target, or null to print its text alone. */
  link(target: string): string | null;
}

/** Code, pictures, links, bold and escaped characters: all that a report's lines hold. */
const marks = /`([^`]+)`|!\[([^\]]*)\]\(([^)]*)\)|\[([^\]]*)\]\(([^)]*)\)|\*\*(.+?)\*\*(?!\*)|\\([*|_`\\])/g;

export const inlineHtml = (text: string, resources: Resources): string => {
  let [html, at] = ['', 0];
  for (const match of text.matchAll(marks)) {
    html += escapeHtml(text.slice(at, match.index));
    const [all, code, alt, image, link, target, bold, escaped] = match;
    if (code !== undefined) html += `<code>${escapeHtml(code)}</code>`;
    else if (image !== undefined)
      html += `<img alt="${escapeHtml(alt ?? '')}" src="${escapeHtml(resources.image(image))}">`;
    else if (target !== undefined) html += linkHtml(link ?? '', resources.link(target));
    else if (bold !== undefined) html += `<strong>${inlineHtml(bold, resources)}</strong>`;
    else html += escapeHtml(escaped ?? '');
    at = match.index + all.length;
  }
  return html + escapeHtml(text.slice(at));
};

const linkHtml = (text: string, target: string | null): string =>
  target === null ? escapeHtml(text) : `<a href="${escapeHtml(target)}">${escapeHtml(text)}</a>`;
