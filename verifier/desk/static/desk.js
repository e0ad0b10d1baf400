"use strict";
// Keys act as the button or link that names them; by place on the keyboard, so that a Persian layout works as well.
// Pictures that are asked for are put in place without leaving the page. Everything works without this script.
(() => {
  const writes = (target) => target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");

  const look = async (form, button) => {
    const fields = new URLSearchParams(new FormData(form));
    if (button && button.name) fields.set(button.name, button.value);
    const answer = await fetch(form.action, {
      method: "POST", body: fields, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error",
    });
    const told = await answer.json();
    const side = form.closest("[data-side]");
    let place = side.querySelector("[role=alert]");
    if (!answer.ok) {
      place = place || side.querySelector("figcaption").appendChild(document.createElement("p"));
      place.setAttribute("role", "alert");
      place.className = "warning";
      place.textContent = told.sentence || "";
      return;
    }
    if (place) place.remove();
    let picture = side.querySelector("img");
    if (!picture) {
      picture = document.createElement("img");
      picture.alt = "";
      side.querySelector(".none").replaceWith(picture);
    }
    picture.className = "sharp";
    picture.src = told.picture;
    side.dataset.shown = button && button.value === "1" ? "colour" : "grey";
  };

  const blur = (side) => {
    side.querySelector("img").className = "blurred";
    delete side.dataset.shown;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-look]")) return;
    event.preventDefault();
    const wanted = event.submitter && event.submitter.value === "1" ? "colour" : "grey";
    const side = form.closest("[data-side]");
    if (side.dataset.shown === wanted) blur(side);
    else look(form, event.submitter).catch(() => form.submit());
  });

  document.addEventListener("keydown", (event) => {
    const again = event.repeat && event.code !== "ArrowLeft" && event.code !== "ArrowRight"; // frames may run on
    if (event.ctrlKey || event.metaKey || event.altKey || again || document.body.dataset.keys !== "1") return;
    if (event.code === "Escape" && writes(event.target)) {
      event.target.blur();
      return;
    }
    if (writes(event.target)) return;
    if (event.code === "Space" && event.target.closest("button, a, summary, video")) return;
    if (event.code === "Escape") {
      for (const video of document.querySelectorAll("video")) video.pause();
      document.body.classList.toggle("covered");
      return;
    }
    const field = document.querySelector(`[data-focus="${event.code}"]`);
    if (field) {
      event.preventDefault();
      field.focus();
      return;
    }
    const found = document.querySelectorAll(`[data-key="${event.code}"]`);
    if (!found.length) return;
    event.preventDefault();
    const all = event.code === "KeyB" || event.code === "KeyG" ? found : [found[0]];
    for (const one of all) one.click();
  });
})();
