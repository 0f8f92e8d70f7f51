import {expect, test} from 'vitest';
import {blocksHtml} from '../../src/report/html/blocks.ts';
import {mermaid} from '../../src/report/mermaid.ts';

const resources = {image: (file: string) => `data:${file}`, link: (to: string) => (to.startsWith('http') ? to : null)};
const html = (markdown: string): string => blocksHtml(markdown, resources);

test('every kind of block that a report has', () =>
  expect(
    html(`# A & B

One sentence.
**Bold**\\*\\* and \`code\`.

- [here](https://example.org) and [there](cost.md)

| a | b \\| c |
| - | -: |
| x | 1 |

![all of it](plots/x.svg)

<details>
<summary>More <of> it</summary>

inside

</details>
`),
  ).toMatchInlineSnapshot(`
    "<h1>A &amp; B</h1>
    <p>One sentence.<br>
    <strong>Bold</strong>** and <code>code</code>.</p>
    <ul>
    <li><a href="https://example.org">here</a> and there</li>
    </ul>
    <div class="scroll"><table>
    <thead><tr><th>a</th><th class="right">b | c</th></tr></thead>
    <tbody>
    <tr><td>x</td><td class="right">1</td></tr>
    </tbody>
    </table></div>
    <p><img alt="all of it" src="data:plots/x.svg"></p>
    <details>
    <summary>More &lt;of&gt; it</summary>
    <p>inside</p>
    </details>"
  `));

test('text of the user is text, never HTML', () =>
  expect(html('# <script>alert(1)</script> `x`\n\n<img src=x onerror=alert(1)>\n\n![a" onload="x](p.svg)')).not.toMatch(
    /<script|<img src=x|" onload="/,
  ));

test('the DAG is drawn: each stage below all that it needs', () => {
  const svg = html(
    mermaid([
      {name: 'a "b"', type: 'x', needs: [], instances: 2},
      {name: 'c', type: null, needs: ['a "b"'], instances: 1},
      {name: 'd', type: null, needs: ['c', 'a "b"'], instances: 1},
    ]),
  );
  expect(svg.match(/<path/g)).toHaveLength(3);
  expect(svg).toContain('>a &quot;b&quot;</text>');
  const tops = [...svg.matchAll(/<rect x="\d+" y="(\d+)"/g)].map(match => Number(match[1]));
  expect(tops).toEqual([4, 90, 176]);
});
