"use strict";
// The player: frames, playhead, zoom; two recordings in one clip also as flicker and as difference.
// The buttons carry their keys (desk.js presses them). Without this script the browser's own controls remain.
(() => {
  const FLICKER_MS = 500;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  const clock = (seconds) => {
    const hundredths = Math.round(Math.max(0, seconds) * 100);
    const minutes = Math.floor(hundredths / 6000);
    return `${minutes}:${String(Math.floor((hundredths % 6000) / 100)).padStart(2, "0")}.${String(hundredths % 100).padStart(2, "0")}`;
  };

  const prepare = (player) => {
    const video = player.querySelector("video");
    const stage = player.querySelector(".stage");
    const output = player.querySelector("[data-at]");
    const rate = Number(player.dataset.rate) || 25;
    const start = Number(player.dataset.start) || 0;
    let zoom = 1;
    let mode = "";
    let canvas = null;
    let draws = false;

    const frame = () => Math.floor(video.currentTime * rate + 1e-3);
    const tell = () => { output.value = `${clock(start + video.currentTime)} · ${frame() + 1}`; };
    const go = (number) => {
      video.pause();
      video.currentTime = Math.max(0, Math.min((number + 0.5) / rate, video.duration || Infinity));
    };
    const larger = (factor) => {
      zoom = Math.min(8, Math.max(1, zoom * factor));
      for (const shown of [video, canvas]) if (shown) shown.style.transform = zoom === 1 ? "" : `scale(${zoom})`;
    };
    const draw = (now) => {
      draws = Boolean(mode);
      if (!draws) return;
      const wide = video.videoWidth / 2;
      const context = canvas.getContext("2d");
      if (wide) {
        canvas.width = wide;
        canvas.height = video.videoHeight;
        const half = (right) => context.drawImage(video, right ? wide : 0, 0, wide, video.videoHeight, 0, 0, wide, video.videoHeight);
        if (mode === "difference") {
          half(false);
          context.globalCompositeOperation = "difference";
          half(true);
        } else half(mode === "right" || (mode === "flicker" && Math.floor(now / FLICKER_MS) % 2 === 1));
      }
      requestAnimationFrame(draw);
    };
    const look = (wanted) => {
      const was = mode;
      if (wanted === "flicker" && still.matches) mode = was === "left" ? "right" : was === "right" ? "" : "left";
      else mode = was === wanted ? "" : wanted;
      if (!canvas) {
        canvas = document.createElement("canvas");
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", video.getAttribute("aria-label") || "");
        stage.append(canvas);
      }
      canvas.hidden = !mode;
      video.classList.toggle("away", Boolean(mode));
      for (const button of player.querySelectorAll("[aria-pressed]")) {
        const is = button.dataset.do === mode || (button.dataset.do === "flicker" && (mode === "left" || mode === "right"));
        button.setAttribute("aria-pressed", String(is));
      }
      larger(1); // a canvas that is new here as large as the video is
      if (mode && !draws) {
        draws = true;
        requestAnimationFrame(draw);
      }
    };
    const acts = {
      back: () => go(frame() - 1),
      on: () => go(frame() + 1),
      run: () => (video.paused ? video.play() : video.pause()),
      smaller: () => larger(0.5),
      larger: () => larger(2),
      sound: () => { video.muted = !video.muted; },
      flicker: () => look("flicker"),
      difference: () => look("difference"),
    };
    player.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) acts[button.dataset.do]();
    });
    stage.addEventListener("pointermove", (event) => {
      if (zoom === 1) return;
      const box = stage.getBoundingClientRect();
      const at = `${(100 * (event.clientX - box.left)) / box.width}% ${(100 * (event.clientY - box.top)) / box.height}%`;
      for (const shown of [video, canvas]) if (shown) shown.style.transformOrigin = at;
    });
    for (const name of ["timeupdate", "seeked", "loadedmetadata", "pause"]) video.addEventListener(name, tell);
    player.querySelector("[data-controls]").hidden = false;
    tell();
  };

  for (const player of document.querySelectorAll("[data-player]")) prepare(player);

  // O: the moment of the playhead goes into the form, and the word is chosen next.
  document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyO" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (document.body.dataset.keys !== "1" || event.target.closest("input, textarea, select")) return;
    const what = document.querySelector("[data-observe]");
    if (!what) return;
    event.preventDefault();
    const at = document.querySelector("[data-playhead]");
    const player = document.querySelector("[data-player]");
    if (at && player) {
      const video = player.querySelector("video");
      video.pause();
      at.value = clock((Number(player.dataset.start) || 0) + video.currentTime);
    }
    what.focus();
  });
})();
