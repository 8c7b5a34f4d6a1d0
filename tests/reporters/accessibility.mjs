// Checks HTML reports with axe-core in headless Chromium at two widths: WCAG 2.2 AA and best practice.
//
//   npm install axe-core playwright-core
//   node tests/reporters/accessibility.mjs report/report.html [...]
//
// CHROMIUM names the browser (default /usr/bin/chromium). Exit 1 if a page has violations, or is wider than
// its window. The packages are looked for in the folder it is started from.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(resolve("package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
let bad = 0;
for (const file of process.argv.slice(2)) {
  for (const width of [1280, 360]) {
    // The page's own policy keeps foreign scripts out, axe among them.
    const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(pathToFileURL(resolve(file)).href);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    await page.addScriptTag({ content: axe });
    const found = await page.evaluate((values) => window.axe.run(document, { runOnly: values }), tags);
    console.log(`${file} at ${width}: ${found.violations.length} violations, ${found.passes.length} rules passed`);
    for (const item of found.violations) console.log(`  ${item.id}: ${item.help} (${item.nodes.length})`);
    if (wide) console.log("  wider than the window");
    bad += found.violations.length + Number(wide);
    await context.close();
  }
}
await browser.close();
process.exit(bad ? 1 : 0);
