// The tool pages from the same contexts, with our own templates: Nunjucks reads them but for the name `page`,
// which is Eleventy's own. PAGES is the folder of the contexts.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

function readPages(folder) {
  const files = readdirSync(folder).sort();
  return files.flatMap((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
}

export default function (eleventy) {
  eleventy.setUseGitIgnore(false);
  eleventy.setNunjucksEnvironmentOptions({ throwOnUndefined: true, trimBlocks: true, lstripBlocks: true });
  eleventy.addGlobalData("pages", () => readPages(process.env.PAGES));
  return { dir: { input: "input" } };
}
