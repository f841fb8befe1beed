/** What a checker of accessibility would call serious, as far as a page itself tells it. Each rule returns what breaks it. */

const name = (element) => `${element.localName}#${element.id || element.className}`;
const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
const shown = (selector) => [...document.querySelectorAll(selector)].filter(isShown);
const textOf = (ids) =>
    ids
        .split(/\s+/)
        .map((id) => document.getElementById(id)?.textContent ?? "")
        .join(" ")
        .trim();

/** The text that a screen reader says of a control. */
function nameOf(element) {
    const labels = [...(element.labels ?? [])].map((label) => label.textContent.trim()).join(" ");
    return (
        element.getAttribute("aria-label")?.trim() ||
        textOf(element.getAttribute("aria-labelledby") ?? "") ||
        labels ||
        element.textContent.trim() ||
        element.getAttribute("title") ||
        [...element.querySelectorAll("img[alt]")].map((image) => image.alt).join(" ")
    );
}

// ------------------------------------------------------------ contrast

const parse = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return { rgb: [red, green, blue], alpha };
};
const over = ({ rgb, alpha }, ground) => rgb.map((part, index) => part * alpha + ground[index] * (1 - alpha));

/** The colour that is behind the text of an element: all grounds up to the page, the upper ones over the lower ones. */
function groundOf(element) {
    const grounds = [];
    for (let here = element; here; here = here.parentElement) {
        grounds.unshift(parse(getComputedStyle(here).backgroundColor));
    }
    return grounds.reduce((ground, colour) => over(colour, ground), [255, 255, 255]);
}

function luminance(rgb) {
    const [red, green, blue] = rgb.map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrastOf(element) {
    const ground = groundOf(element);
    const values = [luminance(over(parse(getComputedStyle(element).color), ground)), luminance(ground)];
    return (Math.max(...values) + 0.05) / (Math.min(...values) + 0.05);
}

/** 4.5, or 3 for large text (WCAG 2.2, 1.4.3). */
function neededContrast(element) {
    const { fontSize, fontWeight } = getComputedStyle(element);
    const size = parseFloat(fontSize);
    return size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5;
}

const hasOwnText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());

// ------------------------------------------------------------ the rules

const RULES = {
    "the page has a language": () => (/^[a-z]{2}(-[A-Z]{2})?$/.test(document.documentElement.lang) ? [] : ["html"]),
    "the page has a title": () => (document.title.trim() ? [] : ["title"]),
    "there is one main part": () => (shown("main").length === 1 ? [] : ["main"]),
    "there is one first heading": () => (shown("main h1").length === 1 ? [] : ["h1"]),
    "headings leave out no level": () => {
        const levels = shown("main :is(h1, h2, h3, h4, h5, h6)").map((heading) => Number(heading.localName[1]));
        return levels.filter((level, index) => index && level > levels[index - 1] + 1).map((level) => `h${level}`);
    },
    "headings are not empty": () =>
        shown("main :is(h1, h2, h3, h4)").filter((heading) => !heading.textContent.trim()).map(name),
    "fields have labels": () =>
        shown("main :is(input:not([type=hidden]), select, textarea)").filter((field) => !nameOf(field)).map(name),
    "buttons and links have names": () => shown("main :is(button, a[href])").filter((element) => !nameOf(element)).map(name),
    "pictures have texts": () => shown("main img:not([alt])").map(name),
    "identifiers are unique": () => {
        const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
        return ids.filter((id, index) => ids.indexOf(id) !== index);
    },
    "what is referred to is there": () =>
        [...document.querySelectorAll("main :is([aria-describedby], [aria-labelledby], [for])")].filter((element) =>
            ["aria-describedby", "aria-labelledby", "for"].some((attribute) =>
                (element.getAttribute(attribute) ?? "")
                    .split(/\s+/)
                    .some((id) => id && !document.getElementById(id))
            )
        ).map(name),
    "nothing comes first in the order of the keyboard": () => shown("[tabindex]").filter(({ tabIndex }) => tabIndex > 0).map(name),
    "errors are announced": () =>
        shown("main .alert-danger").filter((alert) => !alert.closest("[role=alert], [role=status]")).map(name),
    "languages of links are told": () => shown("main nav a:not([lang])").map(name),
    "zooming is allowed": () =>
        /user-scalable\s*=\s*no|maximum-scale\s*=\s*1/.test(document.querySelector("meta[name=viewport]")?.content ?? "")
            ? ["viewport"]
            : [],
    "text stands out": () =>
        shown("main *")
            .filter((element) => hasOwnText(element) && !element.closest(":disabled"))
            .filter((element) => contrastOf(element) < neededContrast(element) - 0.005)
            .map((element) => `${name(element)} ${contrastOf(element).toFixed(2)} "${element.textContent.trim().slice(0, 40)}"`),
    "what is pressed is large enough": () =>
        shown("main :is(button, a.btn, input[type=file])")
            .filter((element) => element.getBoundingClientRect().height < 24)
            .map(name),
};

/** Fail with all that breaks a rule on the page that is shown. */
export function checkAccessibility() {
    const broken = Object.entries(RULES)
        .map(([rule, find]) => [rule, find()])
        .filter(([, found]) => found.length)
        .map(([rule, found]) => `${rule}: ${found.join(", ")}`);
    if (broken.length) {
        throw new Error(`The page is not accessible: ${broken.join("; ")}`);
    }
}

export const isAccessible = {
    content: "The page is accessible",
    trigger: "main h1",
    run: checkAccessibility,
};
