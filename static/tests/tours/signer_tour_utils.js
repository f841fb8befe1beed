import { inputFiles } from "@web/../tests/utils";

/** Have the test take a picture of this moment, from the top of the page or where an element is. */
export function picture(name, selector = "body") {
    return {
        content: `Picture ${name}`,
        trigger: selector,
        async run() {
            const element = document.querySelector(selector);
            element.style.scrollMargin = "2rem"; // with the border around it
            element.scrollIntoView();
            await new Promise((resolve) => setTimeout(resolve, 300));
            console.log(`picture: ${name}`);
            await new Promise((resolve) => setTimeout(resolve, 700));
        },
    };
}

/** Choose a file (a function that returns its content, a Blob) in a field of the form, under a name. */
export function choose(content, field, getBlob, name) {
    return {
        content,
        trigger: field,
        async run() {
            await inputFiles(field, [new File([await getBlob()], name)]);
        },
    };
}

export async function download(address) {
    return (await fetch(address)).blob();
}

export const fitsThePhone = {
    content: "The page fits the phone",
    trigger: "h1",
    run() {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`The page is ${scrollWidth} wide, the phone ${clientWidth}.`);
        }
    },
};

export const send = {
    content: "Upload it",
    trigger: "#signer_form button[type=submit]",
    run: "click",
    expectUnloadPage: true,
};

/** The verdict, which has the focus: there the screen reader and the eye are. */
export function verdict(content, trigger) {
    return {
        content,
        trigger,
        run() {
            if (document.activeElement !== this.anchor) {
                throw new Error("The verdict does not have the focus.");
            }
        },
    };
}
