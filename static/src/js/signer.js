/** The signer's page works without this. It says at once that a file is too large, and that an upload is under way. */
const form = document.querySelector("#signer_form");

if (form) {
    const { file, button, problem, progress } = {
        file: form.querySelector("input[type=file]"),
        button: form.querySelector("button[type=submit]"),
        problem: form.querySelector("#signer_too_large"),
        progress: form.querySelector("#signer_progress"),
    };

    file.addEventListener("change", () => {
        const isTooLarge = file.files.length > 0 && file.files[0].size > Number(form.dataset.maxBytes);
        problem.textContent = isTooLarge ? form.dataset.tooLarge : "";
        button.disabled = isTooLarge;
    });

    form.addEventListener("submit", () => {
        button.disabled = true;
        progress.textContent = form.dataset.progress;
    });

    // Back from another page: the form can be sent anew.
    window.addEventListener("pageshow", () => {
        button.disabled = false;
        progress.textContent = "";
    });
}
