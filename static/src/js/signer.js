/**
 * The signer's page works without this. It says at once that a file is too large, and that an upload is under way, and shows the
 * result of one that takes long as soon as there is one.
 */
const form = document.querySelector("#signer_form");

if (form) {
    const files = [...form.querySelectorAll("input[type=file]")];
    const button = form.querySelector("button[type=submit]");
    const progress = form.querySelector("#signer_progress");
    const isTooLarge = ({ files }) => files.length > 0 && files[0].size > Number(form.dataset.maxBytes);

    for (const file of files) {
        file.addEventListener("change", () => {
            const problem = form.querySelector(`[data-too-large="${file.id}"]`);
            problem.textContent = isTooLarge(file) ? form.dataset.tooLarge : "";
            file.setAttribute("aria-invalid", isTooLarge(file));
            button.disabled = files.some(isTooLarge);
        });
    }

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

const remote = document.querySelector("#signer_remote_form");

if (remote) {
    const button = remote.querySelector("button[type=submit]");
    const progress = remote.querySelector("[role=status]");

    remote.addEventListener("submit", () => {
        button.disabled = true;
        progress.textContent = remote.dataset.progress;
    });

    // Back from another page: neither PIN nor password stays.
    window.addEventListener("pageshow", () => {
        remote.reset();
        button.disabled = false;
        progress.textContent = "";
    });
}

const pending = document.querySelector("#signer_pending");

if (pending) {
    const isChoosing = () => [...document.querySelectorAll("input[type=file]")].some(({ files }) => files.length > 0);
    const ask = async () => {
        const answer = await fetch(pending.dataset.stateUrl).catch(() => null);
        const state = answer?.ok ? await answer.text() : "waiting";
        if (state === "waiting" || isChoosing()) {
            setTimeout(ask, 2000);
        } else {
            location.replace(pending.dataset.pageUrl);
        }
    };
    setTimeout(ask, 1000);
}
