// What a page gains when scripts run. Without this file every page works, by links and forms.

document.documentElement.classList.add("scripted");

// The same form twice is the same as once, because it carries a key; this only spares the second tap its fright.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  setTimeout(free, 8000, form);  // the line was cut: trying again is safe
});
const free = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
};
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));

const offline = document.getElementById("offline");
const tellLine = () => { offline.hidden = navigator.onLine; };
addEventListener("online", tellLine);
addEventListener("offline", tellLine);
tellLine();
// A piece that asks for news and hears nothing says so as well.
addEventListener("htmx:sendError", () => { offline.hidden = false; });
addEventListener("htmx:timeout", () => { offline.hidden = false; });
addEventListener("htmx:afterOnLoad", tellLine);

// Clocks. Bangkok's time of day by the server's clock, of which the page says what it was when it was made.
const bangkok = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Bangkok", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const began = performance.now();
const now = () => {
  const clock = document.querySelector("[data-now]");
  return (clock ? Date.parse(clock.dataset.now) : Date.now()) + performance.now() - began;
};
const tick = () => {
  for (const clock of document.querySelectorAll("[data-now]")) clock.textContent = bangkok.format(now());
  for (const until of document.querySelectorAll("[data-until]")) {
    const left = Math.max(Math.floor((Date.parse(until.dataset.until) - now()) / 1000), 0);
    if (left > 48 * 3600) continue;  // far off, the page's own words say it better
    const two = (number) => String(number).padStart(2, "0");
    until.textContent = left < 3600
      ? `${Math.floor(left / 60)}:${two(left % 60)}`
      : `${Math.floor(left / 3600)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    const after = left === 0 && until.dataset.after && document.getElementById(until.dataset.after);
    if (after) after.hidden = false;
  }
};
if (document.querySelector("[data-now], [data-until]")) setInterval(tick, 1000), tick();

// Usual amounts, for who would rather tap than type.
for (const chips of document.querySelectorAll("[data-chips]")) {
  chips.hidden = false;
  chips.addEventListener("click", (event) => {
    if (event.target.value) document.getElementById(chips.dataset.chips).value = event.target.value;
  });
}

// What was shown holds no more once another choice is begun: first it is shown anew.
for (const form of document.querySelectorAll("[data-outdates]")) {
  form.addEventListener("input", () => {
    const shown = document.getElementById(form.dataset.outdates);
    if (shown) shown.hidden = true;
  });
}

// Buttons that only a script can serve are hidden until it is here.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.share({ title: document.title, text: button.dataset.share, url: button.dataset.url }).catch(() => {});
  });
}

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/worker.js").catch(() => {});
