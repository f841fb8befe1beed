/* global axe */

import { loadJS } from "@web/core/assets";

const GRAVE = ["serious", "critical"]; // of minor, moderate, serious, critical

/**
 * Have axe judge the page that is shown.
 *
 * @throws {Error} with all that it calls serious: the rule, and where it is broken.
 */
export async function checkAccessibility() {
    await loadJS("/openapi_pec_tour/axe.js");
    const { passes, violations } = await axe.run(document, { resultTypes: ["violations"] });
    const broken = violations
        .filter(({ impact }) => GRAVE.includes(impact))
        .map(({ help, nodes }) => `${help}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
    if (broken.length || !passes.length) {
        throw new Error(`The page is not accessible: ${broken.join("; ")}`);
    }
}

export const isAccessible = {
    content: "The page is accessible",
    trigger: "main h1",
    run: checkAccessibility,
};
